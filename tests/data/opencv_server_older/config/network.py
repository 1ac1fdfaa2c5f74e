host = {'host_port': '5200', 'host_ip': '0.0.0.0'}
host_address = host['host_ip']
