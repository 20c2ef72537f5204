// A process that only sends: int16 frames on many channels at once, as fast as
// they are taken or paced by the clock. It reads acknowledgements and throws
// them away.
import { connect } from 'node:net';

const FRAME_SAMPLES = 100_000;
const PAYLOAD = Buffer.from(Int16Array.from({ length: FRAME_SAMPLES }, (_, i) => (i * 7919) % 30_000).buffer);

process.once('message', async ({ port, channels, rateHz }) => {
  const senders = await Promise.all(Array.from({ length: channels }, (_, i) => open(port, `bench.${i}`)));
  const start = performance.now();
  let timer;
  if (rateHz === undefined) for (const sender of senders) pump(sender);
  else {
    timer = setInterval(() => {
      const due = ((performance.now() - start) / 1000) * rateHz;
      for (const sender of senders) while (sender.samples + FRAME_SAMPLES <= due) sendFrame(sender);
    }, 5);
  }
  process.send({ started: true });
  process.once('message', () => {
    clearInterval(timer);
    for (const sender of senders) sender.isOver = true;
    const { user, system } = process.cpuUsage();
    process.send({ samples: senders.reduce((sum, sender) => sum + sender.samples, 0), cpuUs: user + system });
    if (rateHz === undefined) for (const { socket } of senders) socket.destroy();
    else for (const { socket } of senders) socket.end();
  });
});

function open(port, channel) {
  const text = Buffer.from(
    JSON.stringify({
      'fenestra:version': 1,
      'fenestra:channel': channel,
      'core:datatype': 'ri16_le',
      'core:sample_rate': 10_000_000,
      'fenestra:window': 50_000,
    }),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
  socket.on('error', () => {});
  socket.write(Buffer.concat([length, text]));
  return new Promise((resolve) => {
    socket.once('data', () => {
      socket.resume();
      resolve({ socket, samples: 0, sequence: 0, isOver: false });
    });
  });
}

// A few frames a turn: a receiver that keeps up would hold this loop for ever.
function pump(sender) {
  if (sender.isOver) return;
  let hasRoom = true;
  for (let i = 0; i < 8 && hasRoom; i++) hasRoom = sendFrame(sender);
  if (hasRoom) setImmediate(() => pump(sender));
  else sender.socket.once('drain', () => pump(sender));
}

function sendFrame(sender) {
  const head = Buffer.alloc(64);
  head.write('FNST');
  head.writeUInt16LE(1, 4);
  head.writeUInt16LE(64, 6);
  head.writeUInt32LE(PAYLOAD.length, 8);
  head.writeBigUInt64LE(BigInt(sender.sequence++), 16);
  head.writeBigUInt64LE(BigInt(sender.samples), 24);
  sender.samples += FRAME_SAMPLES;
  sender.socket.cork();
  sender.socket.write(head);
  const hasRoom = sender.socket.write(PAYLOAD);
  sender.socket.uncork();
  return hasRoom;
}
