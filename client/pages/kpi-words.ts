import { type AlarmKpiReply, KPI_GUIDES } from '../../server/wire/alarm-kpi.ts';
import type { GuidedFigure } from '../components/fen-guided-figures.ts';
import { JOURNAL_TEXTS } from '../locale/journal-texts.ts';
import { type Locale, NO_FIGURE, THIN } from '../locale/locale.ts';

/** The figures of a period with their guides. */
export function guidedFigures(kpi: AlarmKpiReply, locale: Locale): GuidedFigure[] {
  const text = JOURNAL_TEXTS[locale.language];
  const { rate, flood, topTenShare, acknowledge } = kpi;
  const upTo = (guide: string) => text.guide(text.upTo(guide));
  const below = (guide: string) => text.guide(text.below(guide));
  const { medianMs, p90Ms } = acknowledge;
  const waiting = locale.count(acknowledge.waiting);
  return [
    {
      name: text.rate,
      written: locale.fixed(rate, 1),
      guide: upTo(locale.count(KPI_GUIDES.rate)),
      isBeyond: rate === undefined ? undefined : rate > KPI_GUIDES.rate,
      more: text.rateWhy(locale.count(kpi.annunciated)),
    },
    {
      name: text.peak,
      written: locale.count(kpi.peak),
      guide: upTo(locale.count(KPI_GUIDES.peak)),
      isBeyond: kpi.peak > KPI_GUIDES.peak,
      more: `${text.recent}: ${locale.count(kpi.recent)}`,
    },
    {
      name: text.flood,
      written: shareWords(flood.share, locale),
      guide: below(locale.percent(KPI_GUIDES.flood)),
      isBeyond: flood.share >= KPI_GUIDES.flood,
    },
    {
      name: text.chattering,
      written: locale.count(kpi.chattering.total),
      guide: text.guide(text.none),
      isBeyond: kpi.chattering.total > 0,
    },
    {
      name: text.stale,
      written: locale.count(kpi.stale.total),
      guide: below(locale.count(KPI_GUIDES.stale)),
      isBeyond: kpi.stale.total >= KPI_GUIDES.stale,
    },
    {
      name: text.topTen,
      written: locale.percent(topTenShare),
      guide: below(locale.percent(KPI_GUIDES.topTen)),
      isBeyond: topTenShare === undefined ? undefined : topTenShare >= KPI_GUIDES.topTen,
    },
    { name: text.fleeting, written: locale.count(kpi.fleeting.total), guide: text.noGuide, isBeyond: undefined },
    {
      name: text.acknowledge,
      written: medianMs === undefined ? NO_FIGURE : locale.span(medianMs),
      guide: text.noGuide,
      isBeyond: undefined,
      more: p90Ms === undefined ? text.acknowledgeNone(waiting) : text.acknowledgeWhy(locale.span(p90Ms), waiting),
    },
  ];
}

/** A share that is mostly small, with a digit after the point. */
export function shareWords(share: number, locale: Locale): string {
  return `${locale.fixed(share * 100, share > 0 && share < 0.1 ? 1 : 0)}${THIN}%`;
}

/** From when to when, by the clocks of the plant; the day once where both ends are of it. */
export function periodWords({ beginMs, endMs }: AlarmKpiReply, locale: Locale): string {
  const [begin, end] = [locale.exact(beginMs).slice(0, 16), locale.exact(endMs).slice(0, 16)];
  return `${begin} – ${begin.slice(0, 10) === end.slice(0, 10) ? end.slice(11) : end} ${locale.zone(beginMs)}`;
}
