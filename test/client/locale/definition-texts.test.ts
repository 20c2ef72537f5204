import { expect, it } from 'vitest';
import { DEFINITION_TEXTS } from '../../../client/locale/definition-texts.ts';
import { DEFINITION_FAULTS } from '../../../server/wire/definition-faults.ts';

it.each(['en', 'ko'] as const)(
  'says every fault of a definition in %s, but those that only the server can',
  (language) => {
    const { fault } = DEFINITION_TEXTS[language];

    const unsaid = DEFINITION_FAULTS.filter((code) => fault({ code, found: '1', expected: '2' }) === undefined);

    expect(unsaid).toEqual(['FILE_SYNTAX', 'FORM', 'ID_DOUBLE']);
  },
);
