import type { ModelManifest } from '../../server/model/manifest.ts';
import { describeCompared } from './candidate-words.ts';
import type { CardFacts } from './card-facts.ts';
import { percent, share, table } from './markdown.ts';

const SEVERITIES: Readonly<Record<ModelManifest['classes'][number]['severity'], string>> = {
  normal: '정상',
  low: '경미',
  medium: '주의',
  high: '경고',
  critical: '위험',
};

/** `card.ko.md` */
export function koreanCard(facts: CardFacts): string {
  const { manifest, report, isGenerated, reached, weakest, leftOut } = facts;
  const { input, classes } = manifest;
  const { test, data, unknown, comparison } = report;
  const nameOf = (label: string) => classes.find((of) => of.label === label)!.name.ko;
  return `# ${manifest.name}

추이 ${input.length}점(초당 ${input.pointsPerSecond}점으로 ${(input.length / input.pointsPerSecond).toFixed(2)}초, ${input.rows.join(', ')})으로 된 런이 ${classes.length}개 클래스 중 어느 것처럼 보이는지, 또는 어느 것과도 다르면 *알 수 없음*이라고 답합니다.

${table(
  ['클래스', '이름', 'name', '심각도'],
  classes.map((of) => [of.label, of.name.ko, of.name.en, SEVERITIES[of.severity]]),
)}

## 쓰는 곳

${input.unit === '' ? '단위와 상관없이' : `단위가 ${input.unit}이고`} 학습 때와 같은 방식으로 런을 자르는 채널: ${alignmentText(input)}. 사람이 살펴볼 곳을 알려 줍니다.

## 쓰지 않는 곳

- 무엇인가를 끄거나 인터록을 대신하는 일.
- 학습 때와 광원, 윈도 또는 정렬이 다른 채널: 답에 의미가 없으며, 모델이 그 사실을 알아차리지 못할 수 있습니다.
- 학습하지 않은 이상: 일부는 알 수 없음으로, 나머지는 비슷한 클래스의 이름으로 답합니다.

## 데이터

\`${data.train.source}\`의 런 ${data.train.runs}개로 학습하고, ${data.test.kind === 'file' ? `\`${data.test.source}\`의` : '따로 떼어 둔'} 런 ${data.test.runs}개로 시험했습니다. ${
    isGenerated
      ? '측정이 아니라 생성한 데이터입니다. 아래 수치는 시뮬레이션한 빛에 대한 것이며, 이와 닮지 않은 플라즈마에 대해서는 말해 주는 것이 적습니다.'
      : '이 데이터에 나타나지 않은 것은 모델이 알 수 없습니다.'
  }

## 성능

시험 런의 ${percent(test.accuracy)}를 맞혔고 macro-F1은 ${share(test.macroF1)}입니다. 확신도는 평균 ${percent(test.calibrationError)} 어긋납니다.
${decisionText(facts)}
가장 약한 클래스는 ${nameOf(weakest.label)}: 해당 런의 ${percent(weakest.recall)}를 찾고, 그렇게 답한 런의 ${percent(weakest.precision)}가 맞습니다.

${table(
  ['클래스', '찾아낸 비율', '확신을 갖고', '답이 맞는 비율', '런'],
  reached.map(({ label, cells }) => [nameOf(label), ...cells]),
)}

${
  leftOut === undefined
    ? '클래스가 둘뿐이어서, 모르는 것을 얼마나 알아차리는지는 측정할 수 없었습니다.'
    : `아는 런의 1 %를 알 수 없음으로 답할 때, 본 적 없는 클래스의 런은 ${percent(leftOut.rejected)}를 알 수 없음으로 답합니다(AUROC ${share(leftOut.auroc)}).`
}

## 한계

- 확률은 클래스 비율이 학습 데이터와 같을 때를 기준으로 보정했습니다. 이상이 더 드문 곳에서는 확률이 실제보다 높습니다.
- 확률이 ${percent(manifest.thresholds.confidence)}보다 낮은 클래스는 확신도 낮음, 곧 의심으로 표시합니다.
- 아는 클래스의 시험 런 중 ${percent(unknown.falseAlarms)}를 알 수 없음으로 답했습니다.
- 빠졌거나 표시가 붙은 점이 있는 런에는 답하지 않습니다.
${manifest.training.live === false ? '- 기록된 런을 위한 모델입니다. 실시간 모델의 한도인 2,700개보다 많은 특징을 봅니다.\n' : ''}
학습기: ${describeCompared(comparison.candidates[comparison.best]!)}. 모든 수치: \`report.md\`, \`report.json\`.
`;
}

function decisionText({ weights, report: { test } }: CardFacts): string {
  if (weights === undefined) return '확률이 가장 높은 클래스를 답합니다.';
  return `확률에 가중치(${weights.join('–')})를 곱한 값이 가장 큰 클래스를 답합니다. 데이터에서 드문 클래스일수록 가중치가 커서, 드문 이상을 더 찾는 대신 잘못 찾는 일도 늘어납니다. 확률만으로 답하면 ${percent(test.unweighted.accuracy)}를 맞히고 macro-F1은 ${share(test.unweighted.macroF1)}입니다.`;
}

function alignmentText({ alignment, unit }: ModelManifest['input']): string {
  switch (alignment.kind) {
    case 'sliding':
      return `${alignment.hop}점마다 런 하나`;
    case 'ignition':
      return `점화 때 ${`${alignment.threshold} ${unit}`.trimEnd()} 아래의 마지막 점${alignment.before === 0 ? '부터' : `보다 ${alignment.before}점 앞부터`}`;
    case 'mark':
      return '스트림이 시작할 때부터';
  }
}
