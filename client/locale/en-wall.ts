/** Words of walls and their boards, in English. */
export const enWall = {
  clock: 'Time at the site',
  of: (index: string, count: string) => `${index} of ${count}`,
  unknownBoard: (id: string) => `There is no board “${id}”`,
  unknownBoardWhy: 'Boards are made at /wall/edit; /wall alone shows all channels.',
  loading: 'Waiting for the board',
  noModels: 'No model looks at these channels',
  more: (count: string) => `and ${count} more`,
  unacknowledged: (count: string) => `${count} unacknowledged`,
  draft: 'not saved',
  paused: 'stays until it is acknowledged',
};

export type WallTexts = typeof enWall;
