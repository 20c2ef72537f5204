#!/usr/bin/env python3
"""Sends one second of a noisy sine, 1 MS/s as int16, to a Fenestra server.

usage: send.py [host [port [channel]]]        needs nothing but Python 3.8
The protocol is in ../README.md. This device keeps what it has not yet been
told is safe, and resumes there when the connection breaks.
"""
import json, math, random, socket, struct, sys, time
RATE, FRAME = 1_000_000, 10_000
HOST, PORT, CHANNEL = sys.argv[1:4] + ["127.0.0.1", 9750, "python"][len(sys.argv) - 1:]
PASSING = {"CHANNEL_BUSY", "HELLO_TIMEOUT", "SILENT", "STORAGE_RESUME", "SERVER_STOPPING"}
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

def fail(error):  # what passes is tried again; anything else would be repeated for ever
    if error["code"] not in PASSING:
        sys.exit(f"refused: {error['code']} {error['message']}")
    raise ConnectionError(error["code"])

def send_all():
    with socket.create_connection((HOST, PORT), timeout=5) as connection:  # for each wait
        file, text = connection.makefile("rb"), json.dumps(hello).encode()
        connection.sendall(struct.pack("<I", len(text)) + text)
        answer = json.loads(read(file, struct.unpack("<I", read(file, 4))[0]))
        if not answer["ok"]:
            fail(answer)
        first = int(answer["next_sample"])  # everything before it is safe
        for sequence, at in enumerate(range(first, RATE, FRAME)):
            part = samples[at:at + FRAME]
            payload = struct.pack(f"<{len(part)}h", *part)
            connection.sendall(struct.pack("<4sHHIIQQqQI12x", b"FNST", 1, 64, len(payload), 0, sequence, at,
                                           START_NS + at * 1_000_000_000 // RATE, 0, 0) + payload)
        connection.shutdown(socket.SHUT_WR)  # the end: now read until the server closes
        while len(head := file.read(8)) == 8:
            kind, length = struct.unpack("<II", head)
            body = read(file, length)
            if kind == 1:
                first = struct.unpack("<QQ", body)[0]
            elif kind == 2:
                fail(json.loads(body))
        return first

for attempt in range(60):  # twice a second: the server ends a line that was cut after 10 s
    try:
        if send_all() == RATE:
            sys.exit(print("acknowledged up to sample", RATE))
    except OSError as error:
        print("again:", error, file=sys.stderr)
    time.sleep(0.5)
sys.exit("given up")
