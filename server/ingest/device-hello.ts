import { PROTOCOL_VERSION } from './protocol.ts';

/** What a device says of itself; the keys of the protocol's hello in the manner of this program. */
export interface DeviceHello {
  readonly channel: string;
  /** SigMF's name, such as `ri16_le`. */
  readonly datatype: string;
  readonly rateHz: number;
  /** One run of the sample counter; needed to resume. */
  readonly stream?: string;
  readonly scale?: number;
  readonly offset?: number;
  readonly unit?: string;
  readonly fullScale?: readonly [low: number, high: number];
  readonly framing?: 'frames' | 'none';
  readonly epochNs?: bigint;
  readonly epochSample?: number;
  readonly window?: number;
  readonly token?: string;
  readonly hardware?: string;
  readonly description?: string;
  readonly recorder?: string;
}

/** The hello's bytes, its length first. */
export function encodeHello(hello: DeviceHello): Buffer {
  const body = Buffer.from(
    JSON.stringify({
      'fenestra:version': PROTOCOL_VERSION,
      'fenestra:channel': hello.channel,
      'core:datatype': hello.datatype,
      'core:sample_rate': hello.rateHz,
      'fenestra:stream': hello.stream,
      'fenestra:scale': hello.scale,
      'fenestra:offset': hello.offset,
      'fenestra:unit': hello.unit,
      'fenestra:full_scale': hello.fullScale,
      'fenestra:framing': hello.framing,
      'fenestra:epoch_ns': hello.epochNs?.toString(),
      'fenestra:epoch_sample': hello.epochSample,
      'fenestra:window': hello.window,
      'fenestra:token': hello.token,
      'core:hw': hello.hardware,
      'core:description': hello.description,
      'core:recorder': hello.recorder,
    }), // leaves undefined out
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  return Buffer.concat([length, body]);
}
