#!/usr/bin/env python3
"""Sends one second of a noisy sine, 1 MS/s as int16, to a Fenestra server.

usage: send.py [host [port [channel]]]        needs nothing but Python 3.8
The protocol is in ../README.md. This device keeps what it has not yet been
told is safe, and resumes there when the connection breaks.
"""
import json, math, random, socket, struct, sys, time

RATE, FRAME = 1_000_000, 10_000
HOST = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
PORT = int(sys.argv[2]) if len(sys.argv) > 2 else 9750
CHANNEL = sys.argv[3] if len(sys.argv) > 3 else "python"
START_NS = time.time_ns()
samples = [int(8000 * math.sin(i / 500) + random.gauss(0, 200)) for i in range(RATE)]

hello = {"fenestra:version": 1, "fenestra:channel": CHANNEL, "core:datatype": "ri16_le",
         "core:sample_rate": RATE, "fenestra:stream": str(START_NS), "fenestra:epoch_ns": str(START_NS),
         "fenestra:scale": 0.001, "fenestra:unit": "V", "fenestra:window": 5000}


def read(file, size):
    data = file.read(size)
    if len(data) < size:
        raise ConnectionError("the server ended the connection")
    return data


def send_all():
    with socket.create_connection((HOST, PORT), timeout=10) as connection:
        file, text = connection.makefile("rb"), json.dumps(hello).encode()
        connection.sendall(struct.pack("<I", len(text)) + text)
        answer = json.loads(read(file, struct.unpack("<I", read(file, 4))[0]))
        if not answer["ok"]:
            sys.exit(f"refused: {answer['code']} {answer['message']}")
        first = int(answer["next_sample"])  # everything before it is safe
        for sequence, at in enumerate(range(first, RATE, FRAME)):
            part = samples[at:at + FRAME]
            payload = struct.pack(f"<{len(part)}h", *part)
            connection.sendall(struct.pack("<4sHHIIQQqQI12x", b"FNST", 1, 64, len(payload), 0, sequence, at,
                                           START_NS + at * 1_000_000_000 // RATE, 0, 0) + payload)
        connection.shutdown(socket.SHUT_WR)  # the end: now read until the server closes
        while head := file.read(8):
            kind, length = struct.unpack("<II", head)
            body = read(file, length)
            if kind == 1:
                first = struct.unpack("<QQ", body)[0]
            elif kind == 2:
                raise ConnectionError(body.decode())
        return first

for attempt in range(5):
    try:
        print("acknowledged up to sample", safe := send_all())
        if safe == RATE:
            break
    except OSError as error:
        print("again:", error, file=sys.stderr)
        time.sleep(0.5)
