/** Words of the keys, in English: part of the table in `en.ts`. */
export const enKeys = {
  keys: 'Keys',
  useKeys: 'Single keys act (space, digits, letters)',
  keyFreeze: 'Freeze or go live',
  keyWindow: 'Time window, shortest to longest',
  keyControl: 'Control room',
  keyModels: 'Models',
  keySystem: 'System',
  keyTiles: 'Move among channels',
  keyOpen: 'Open the channel',
  keyNeighbour: 'Previous or next channel',
  keyCapture: 'Capture raw samples: around now, or of the past that is shown',
  keyCaptures: 'Captures',
  keyHelp: 'This list',
  space: 'Space',
  enter: 'Enter',
  followedBy: 'then',
};
