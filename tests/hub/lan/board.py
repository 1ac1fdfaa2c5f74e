"""A board with a network of its own: takes connections, and answers to a name by mDNS.

Started in a new network namespace; each line of its input is the address that it has from now on. It announces that
address as DHCP clients do, and answers "there" once it has it.
"""

import contextlib
import socket
import struct
import subprocess
import sys
import threading

DEVICE = "eth0"


def say(*words: object) -> None:
    """Tell whoever started this."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


def announce(address: str) -> None:
    """A gratuitous ARP: whoever knows the address learns who has it now."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as raw:
        raw.bind((DEVICE, 0))
        mac, own = raw.getsockname()[4], socket.inet_aton(address)
        arp = struct.pack("!HHBBH", 1, 0x0800, 6, 4, 1) + mac + own + bytes(6) + own
        raw.send(b"\xff" * 6 + mac + b"\x08\x06" + arp)


def serve() -> None:
    with socket.create_server(("", 81)) as server:
        while True:
            connection, _ = server.accept()
            connection.close()


def answer_to(name: bytes, address: str, stop: threading.Event) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        ear.bind(("", 5353))
        group = socket.inet_aton("224.0.0.251")
        ear.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group + socket.inet_aton(address))
        ear.settimeout(0.1)
        while not stop.is_set():
            with contextlib.suppress(TimeoutError):
                question, asker = ear.recvfrom(1500)
                if name in question:
                    head = struct.pack("!6H", 0, 0x8400, 1, 1, 0, 0)
                    record = b"\xc0\x0c" + struct.pack("!2HIH", 1, 0x8001, 120, 4) + socket.inet_aton(address)
                    ear.sendto(head + question[12:] + record, asker)


def main() -> None:
    say("started")
    name = sys.argv[1].encode()
    stop = threading.Event()
    responder = None
    for line in sys.stdin:
        if responder is None:
            ip("link", "set", DEVICE, "up")
            threading.Thread(target=serve, daemon=True).start()
        else:
            stop.set()
            responder.join()
            stop = threading.Event()
        ip("address", "flush", "dev", DEVICE)
        ip("address", "add", f"{line.strip()}/28", "broadcast", "+", "dev", DEVICE)
        announce(line.strip())
        responder = threading.Thread(target=answer_to, args=(name, line.strip(), stop), daemon=True)
        responder.start()
        say("there")


if __name__ == "__main__":
    main()
