camera_list = {
    '1': 'http://192.168.0.123:81/stream',
    '2': 'http://192.168.0.124:81/stream',
    '3': 'http://192.168.0.125:81/stream',
    '4': 'http://192.168.0.126:81/stream',
}

ae_level = ['-2', '-1', '0', '1', '2']
framesize = ['11', '9']
hor_mirror = ['1']
vert_flip = ['1']
black_point = ['1']
white_balance = ['1']
special_effect = ['0', '2']
quality = ['4']
aec = ['1']
gain_ceiling = ['0', '1', '2']
dcw = ['0']
