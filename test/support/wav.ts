export interface WavForm {
  readonly code?: number;
  readonly bits: number;
  readonly channels?: number;
  readonly rateHz?: number;
  /** Says its encoding in the long form. */
  readonly isExtensible?: boolean;
  /** What the data chunk claims to hold; its true length by default. */
  readonly claimedBytes?: number;
}

/** A WAV file around `data`, with a chunk of odd length that has to be passed over. */
export function wavFile(form: WavForm, data: Uint8Array): Buffer {
  const { code = 1, bits, channels = 1, rateHz = 8000, isExtensible = false, claimedBytes = data.length } = form;
  const format = Buffer.alloc(isExtensible ? 40 : 16);
  format.writeUInt16LE(isExtensible ? 0xfffe : code, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(rateHz, 4);
  format.writeUInt32LE((rateHz * channels * bits) / 8, 8);
  format.writeUInt16LE((channels * bits) / 8, 12);
  format.writeUInt16LE(bits, 14);
  if (isExtensible) {
    format.writeUInt16LE(22, 16);
    format.writeUInt16LE(bits, 18);
    format.writeUInt16LE(code, 24);
  }
  const body = [
    Buffer.from('WAVE'),
    ...chunk('note', Buffer.from('odd')),
    ...chunk('fmt ', format),
    ...chunk('data', data, claimedBytes),
  ];
  return Buffer.concat(chunk('RIFF', Buffer.concat(body)));
}

function chunk(kind: string, content: Uint8Array, claimedBytes = content.length): Buffer[] {
  const head = Buffer.alloc(8);
  head.write(kind, 'latin1');
  head.writeUInt32LE(claimedBytes, 4);
  return [head, Buffer.from(content), Buffer.alloc(content.length % 2)];
}
