"""A viewer of Fenestra in plain Python: prints every row of a channel until the connection ends.

    python3 viewer.py 127.0.0.1 8080 PMT-1
"""

import base64
import json
import os
import socket
import struct
import sys


def main(host, port, channel):
    connection = socket.create_connection((host, int(port)))
    key = base64.b64encode(os.urandom(16)).decode()
    connection.sendall(
        f"GET /api/live HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    stream = connection.makefile("rb")
    status = stream.readline().decode().strip()
    if " 101 " not in status:
        sys.exit(status)
    while stream.readline().strip():
        pass

    taken = 0
    send(connection, 1, {"type": "subscribe", "id": 1, "channels": [{"name": channel}]})
    while True:
        opcode, data = receive(stream)
        if opcode == 1:  # text
            print(data.decode(), file=sys.stderr, flush=True)
        elif opcode == 2:  # a trend frame
            print_rows(data)
            taken += len(data)
            send(connection, 1, {"type": "ack", "bytes": taken})
        elif opcode == 9:  # ping
            send(connection, 10, data)
        elif opcode == 8:  # close
            return


def print_rows(frame):
    (blocks,) = struct.unpack_from("<I", frame, 4)
    at = 24
    for _ in range(blocks):
        rows, span, windows, last_seq, first_row, time_ns, row_ns = struct.unpack_from("<4xIII8xQQqd", frame, at)
        column = lambda i: struct.unpack_from(f"<{rows}d", frame, at + 64 + i * rows * 8)
        for i, (low, high, mean) in enumerate(zip(column(0), column(1), column(2))):
            print(first_row + i, time_ns + round(i * row_ns), low, high, mean, flush=True)
        at += 64 + 48 * rows


def send(connection, opcode, message):
    data = message if isinstance(message, bytes) else json.dumps(message).encode()
    mask = os.urandom(4)
    length = bytes([0x80 | len(data)]) if len(data) < 126 else struct.pack(">BH", 0xFE, len(data))
    connection.sendall(bytes([0x80 | opcode]) + length + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(data)))


def receive(stream):
    """One message; the hub does not split them."""
    first, length = stream.read(2)
    if length == 126:
        (length,) = struct.unpack(">H", stream.read(2))
    elif length == 127:
        (length,) = struct.unpack(">Q", stream.read(8))
    return first & 15, stream.read(length)


main(*sys.argv[1:4])
