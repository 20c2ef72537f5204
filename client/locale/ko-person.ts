import type { PersonTexts } from './en-person.ts';

/** Words of who acts, in Korean. */
export const koPerson: PersonTexts = {
  personName: '이름',
  personNameWhy: '여기서 하는 모든 조작에 이 이름이 남아 누구나 볼 수 있습니다. 이 브라우저가 기억합니다.',
  personNameWrong: '이름은 1자 이상 80자 이하의 글자여야 합니다.',
  keepName: '이 이름 사용',
  giveName: '이름 입력',
  changeName: '바꾸기',
  operatorSecret: '운전원 비밀번호',
  operatorSecretWhy:
    '이 서버는 무언가를 바꾸기 전에 비밀번호를 묻습니다. 이 브라우저는 마지막 사용 후 30일 동안 로그인되어 있습니다.',
  operatorSecretWrong: '비밀번호가 맞지 않습니다.',
  operatorSecretLater: '틀린 비밀번호가 너무 많이 입력되었습니다. 최대 15분 기다리십시오.',
  operatorSecretFailed: '보내지 못했습니다. 다시 시도하십시오.',
  enterSecret: '로그인',
  leaveSession: '로그아웃',
};
