// A viewer behind a thin line: takes bytes out of its TCP socket at a given
// rate and acknowledges each frame that is whole. Written on a bare socket,
// since a WebSocket library reads ahead.
import { connect } from 'node:net';

const STEP_MS = 100;

/** Subscribes to everything, until the returned undo is called. */
export function openThinViewer(url, bytesPerSecond) {
  const { hostname, port, host } = new URL(url);
  const buffer = Buffer.alloc(Math.max(1, Math.round((bytesPerSecond * STEP_MS) / 1000)));
  let received = Buffer.alloc(0);
  let isOpen = false;
  let taken = 0;

  const socket = connect({
    host: hostname,
    port: Number(port),
    onread: {
      buffer,
      callback(length) {
        received = Buffer.concat([received, buffer.subarray(0, length)]);
        parse();
        setTimeout(() => socket.resume(), STEP_MS);
        return false; // stops reading until then
      },
    },
  });
  socket.on('connect', () =>
    socket.write(
      `GET /api/live HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
    ),
  );
  socket.on('error', () => {}); // cut off: the server counts it

  function parse() {
    if (!isOpen) {
      const end = received.indexOf('\r\n\r\n');
      if (end < 0) return;
      isOpen = true;
      received = received.subarray(end + 4);
      sendText('{"type":"subscribe","id":1,"channels":[{"name":"*"}]}');
    }
    for (;;) {
      if (received.byteLength < 4) return;
      const opcode = received[0] & 15;
      const short = received[1];
      const head = short < 126 ? 2 : 4; // no message here reaches 64 KiB
      const length = short < 126 ? short : received.readUInt16BE(2);
      if (received.byteLength < head + length) return;
      const payload = received.subarray(head, head + length);
      if (opcode === 2) {
        taken += length;
        sendText(`{"type":"ack","bytes":${taken}}`);
      }
      if (opcode === 9) send(10, payload);
      received = received.subarray(head + length);
    }
  }

  function sendText(text) {
    send(1, Buffer.from(text));
  }

  function send(opcode, payload) {
    // Masked with zeros, which leaves the bytes as they are; no payload here reaches 126 bytes.
    socket.write(Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.byteLength, 0, 0, 0, 0]), payload]));
  }

  return () => socket.destroy();
}
