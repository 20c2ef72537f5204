/** What a device said of its channel in the hello, as the server accepted it. */
export interface ChannelInfo {
  readonly channel: string;
  readonly stream: string;
  readonly datatype: string;
  readonly rateHz: number;
  /** Samples a window. */
  readonly window: number;
  readonly unit: string;
  readonly scale: number;
  readonly offset: number;
  readonly hardware: string;
  readonly description: string;
  readonly recorder: string;
}
