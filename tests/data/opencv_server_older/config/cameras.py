camera_list = {
    '1': 'http://me:secret@192.168.0.123:81/stream',
    '2': 'https://192.168.0.124:81/stream',
    'Back Yard': 'http://192.168.0.125:81/stream',
    '4': address_of(4),
    **more,
}
