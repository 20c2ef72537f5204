/** Words of who acts, in English. */
export const enPerson = {
  personName: 'Your name',
  personNameWhy: 'It stands beside everything you do here, for all to see. This browser keeps it.',
  personNameWrong: 'A name has 1 to 80 letters or other characters.',
  keepName: 'Use this name',
  giveName: 'Enter a name',
  changeName: 'Change',
  operatorSecret: 'Operator secret',
  operatorSecretWhy:
    'This server asks for it before anything is changed. This browser stays signed in for 30 days from its last use.',
  operatorSecretWrong: 'That is not the secret.',
  operatorSecretLater: 'Too many wrong secrets were given. Wait up to 15 minutes.',
  operatorSecretFailed: 'It could not be sent. Try again.',
  enterSecret: 'Sign in',
  leaveSession: 'Sign out',
};

export type PersonTexts = typeof enPerson;
