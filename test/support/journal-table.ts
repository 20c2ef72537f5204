import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { KpiFigures } from '../../server/alarms/kpi.ts';
import type { Period } from '../../server/alarms/shifts.ts';
import type { AlarmFiguresReply } from '../../server/wire/alarm-figures.ts';
import { KPI_LISTED } from '../../server/wire/alarm-kpi.ts';

type Row = Record<string, unknown>;

/**
 * The exported journal in a database, which counts every figure again, as the
 * README of `server/alarms` says it: from the columns of the table alone.
 */
export class JournalTable {
  readonly #connection: DuckDBConnection;

  /** Reads a file as `GET /api/alarms/journal.csv` sends it. The caller closes it. */
  static async read(path: string): Promise<JournalTable> {
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    await connection.run(
      `CREATE TABLE journal AS SELECT * FROM read_csv('${path}', header = true, new_line = '\\r\\n',
        types = {number: 'BIGINT', at_ms: 'BIGINT', annunciated: 'INTEGER', occurrence: 'INTEGER', version: 'INTEGER',
          sample_time_utc: 'VARCHAR'})`,
    );
    await connection.run(`
      CREATE TABLE annunciations AS
      SELECT a.number, a.tag, a.definition, a.channel, a.priority, a.at_ms,
        (SELECT arg_min(e.at_ms, e.number) FROM journal e WHERE e.tag = a.tag AND e.number > a.number
          AND e.state NOT IN ('unacknowledged', 'acknowledged')) AS gone_ms,
        (SELECT min(e.number) FROM journal e WHERE e.tag = a.tag AND e.number > a.number
          AND e.state NOT IN ('unacknowledged', 'acknowledged')) AS gone_number,
        (SELECT arg_min(e.at_ms, e.number) FROM journal e WHERE e.tag = a.tag AND e.number > a.number
          AND e.event = 'acknowledge' AND e.occurrence = a.occurrence) AS acknowledged_ms,
        (SELECT min(e.number) FROM journal e WHERE e.tag = a.tag AND e.number > a.number
          AND e.event = 'acknowledge' AND e.occurrence = a.occurrence) AS acknowledged_number
      FROM journal a WHERE a.annunciated = 1`);
    return new JournalTable(connection);
  }

  private constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  close(): void {
    this.#connection.closeSync();
  }

  /** Rows of a query; whole numbers as numbers, columns that are null left out. */
  async rows(sql: string): Promise<Row[]> {
    const rows = (await this.#connection.runAndReadAll(sql)).getRowObjectsJS();
    return rows.map((row) =>
      Object.fromEntries(
        Object.entries(row)
          .filter(([, value]) => value !== null)
          .map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]),
      ),
    );
  }

  /** Every alarm as its last line says. */
  async alarms(): Promise<Row[]> {
    return this.rows(`
      SELECT tag, definition, channel, priority, state, occurrence, version FROM journal
      QUALIFY number = max(number) OVER (PARTITION BY tag) ORDER BY tag`);
  }

  /** How many alarms stand, are unacknowledged and are hidden, by the first of their reasons; and the rate of now. */
  async figures(nowMs: number): Promise<Partial<AlarmFiguresReply>> {
    const [counts] = await this.rows(`
      WITH alarms AS (SELECT * FROM journal QUALIFY number = max(number) OVER (PARTITION BY tag))
      SELECT count(*) FILTER (state IN ('unacknowledged', 'acknowledged')) AS standing,
        count(*) FILTER (state LIKE '%unacknowledged') AS unacknowledged,
        count(*) FILTER (hidden LIKE 'out-of-service%') AS serviced,
        count(*) FILTER (hidden LIKE 'suppressed-by-design%') AS suppressed,
        count(*) FILTER (hidden LIKE 'shelved%') AS shelved,
        (SELECT count(*) FROM annunciations WHERE at_ms > ${nowMs} - 600000) AS recent
      FROM alarms`);
    const { standing, unacknowledged, serviced, suppressed, shelved, recent } = counts as Record<string, number>;
    return {
      ...{ standing: standing!, unacknowledged: unacknowledged!, recentlyAnnunciated: recent! },
      hidden: { 'out-of-service': serviced!, 'suppressed-by-design': suppressed!, shelved: shelved! },
    };
  }

  /** Every figure of a period, as of a time. */
  async kpi({ beginMs, endMs }: Period, nowMs: number): Promise<KpiFigures> {
    const untilMs = Math.min(endMs, nowMs);
    const known = `(SELECT * FROM annunciations WHERE at_ms < ${endMs} AND at_ms <= ${untilMs})`;
    const within = `(SELECT * FROM ${known} WHERE at_ms >= ${beginMs})`;
    const lengthMs = `${untilMs - beginMs}::DOUBLE`;
    const one = async (sql: string) => (await this.rows(sql))[0]!;
    const list = async (sql: string) => {
      const alarms = await this.rows(sql);
      return { total: alarms.length, alarms: alarms.slice(0, KPI_LISTED) };
    };

    const counts = await one(`
      SELECT count(*) AS annunciated, count(*) / (${lengthMs} / 600000) AS rate,
        count(*) FILTER (priority = 'critical') AS critical, count(*) FILTER (priority = 'high') AS high,
        count(*) FILTER (priority = 'medium') AS medium, count(*) FILTER (priority = 'low') AS low
      FROM ${within}`);
    const { annunciated, rate, ...priorities } = counts;
    const series = await this.rows(`
      SELECT count(a.number) AS n
      FROM range(0, ${untilMs < endMs ? `floor(${lengthMs} / 600000)::BIGINT + 1` : `ceil(${lengthMs} / 600000)::BIGINT`}) step(i)
      LEFT JOIN ${within} a ON i = (a.at_ms - ${beginMs}) // 600000
      GROUP BY i ORDER BY i`);
    const rates = await one(`
      SELECT coalesce((SELECT max(n) FROM (
          SELECT at_ms, count(*) OVER (ORDER BY at_ms RANGE BETWEEN 599999 PRECEDING AND CURRENT ROW) AS n FROM ${known}
        ) WHERE at_ms >= ${beginMs}), 0) AS peak,
        (SELECT count(*) FROM ${known} WHERE at_ms > ${untilMs} - 600000) AS recent`);
    const actors = await list(`
      SELECT tag, definition, channel, priority, n AS count, n / ${annunciated} AS share,
        sum(n) OVER (ORDER BY n DESC, tag ROWS UNBOUNDED PRECEDING)::BIGINT / ${annunciated} AS cumulative
      FROM (SELECT tag, definition, channel, priority, count(*) AS n FROM ${within} GROUP BY ALL)
      ORDER BY n DESC, tag`);
    const topTen = await one(`
      SELECT sum(n)::BIGINT / ${annunciated} AS share
      FROM (SELECT count(*) AS n FROM ${within} GROUP BY tag ORDER BY n DESC LIMIT 10)`);
    const took = `(SELECT acknowledged_ms - at_ms AS ms FROM ${within} WHERE acknowledged_ms - at_ms < 86400000)`;
    const acknowledge = await one(`
      SELECT count(*) AS acknowledged, ${annunciated} - count(*) AS waiting,
        percentile_disc(0.5) WITHIN GROUP (ORDER BY ms) AS medianMs,
        percentile_disc(0.9) WITHIN GROUP (ORDER BY ms) AS p90Ms
      FROM ${took}`);
    const floods = await this.#floods({ beginMs, endMs: untilMs }, nowMs);
    const floodMs = floods.reduce((sum, { lastsMs }) => sum + Number(lastsMs), 0);
    return {
      ...{ beginMs, endMs, untilMs, annunciated, priorities, actors, acknowledge, ...rates },
      ...(untilMs > beginMs && { rate }),
      ...(Number(annunciated) > 0 && { topTenShare: topTen.share }),
      series: series.map(({ n }) => n),
      flood: {
        share: untilMs > beginMs ? floodMs / (untilMs - beginMs) : 0,
        total: floods.length,
        floods: floods.map(({ beginMs, endMs, peak, lastsMs: _, ...firstOut }) => ({
          ...{ beginMs, peak, firstOut },
          ...(endMs !== undefined && { endMs }),
        })),
      },
      chattering: await list(`
        SELECT tag, any_value(definition) AS definition, any_value(channel) AS channel, any_value(priority) AS priority,
          max(n) AS peak, count(*) AS count
        FROM (SELECT *, count(*) OVER (PARTITION BY tag ORDER BY at_ms RANGE BETWEEN 59999 PRECEDING AND CURRENT ROW) AS n
          FROM ${known})
        WHERE at_ms >= ${beginMs} GROUP BY tag HAVING max(n) >= 3 ORDER BY peak DESC, count DESC, tag`),
      fleeting: await list(`
        SELECT tag, definition, channel, priority, count(*) AS count FROM ${within}
        WHERE gone_ms - at_ms < 60000 AND (acknowledged_number IS NULL OR acknowledged_number > gone_number)
        GROUP BY ALL ORDER BY count DESC, tag`),
      stale: await list(`
        SELECT tag, arg_min(definition, number) AS definition, arg_min(channel, number) AS channel,
          arg_min(priority, number) AS priority, min(at_ms) AS sinceMs, arg_min(gone_ms, number) AS goneMs
        FROM ${known}
        WHERE least(coalesce(gone_ms, ${untilMs}), ${untilMs}) - at_ms > 86400000 AND coalesce(gone_ms > ${beginMs}, true)
        GROUP BY tag ORDER BY sinceMs, tag`),
    } as unknown as KpiFigures;
  }

  /**
   * What comes into the ten minutes and leaves them, in its order, and how many
   * are in them after it: above ten is a flood, below five is none, between them
   * it is as it was.
   */
  #floods({ beginMs, endMs }: Period, nowMs: number): Promise<Row[]> {
    return this.rows(`
      WITH moves AS (
        SELECT at_ms AS ms, 1 AS step, number FROM annunciations
        UNION ALL SELECT at_ms + 600000, -1, number FROM annunciations),
      counted AS (
        SELECT *, sum(step) OVER (ORDER BY ms, step, number ROWS UNBOUNDED PRECEDING) AS n
        FROM moves WHERE ms <= ${nowMs}),
      judged AS (
        SELECT *, coalesce(last_value(CASE WHEN n > 10 THEN true WHEN n < 5 THEN false END IGNORE NULLS)
          OVER (ORDER BY ms, step, number ROWS UNBOUNDED PRECEDING), false) AS flooded
        FROM counted),
      turns AS (SELECT *, flooded <> lag(flooded, 1, false) OVER (ORDER BY ms, step, number) AS turns FROM judged),
      spells AS (SELECT *, sum(turns::INT) OVER (ORDER BY ms, step, number ROWS UNBOUNDED PRECEDING) AS spell FROM turns),
      floods AS (
        SELECT min(ms) AS begin_ms, max(n) AS peak,
          (SELECT min(ms) FROM spells later WHERE later.spell > spells.spell) AS end_ms
        FROM spells WHERE flooded GROUP BY spell)
      SELECT begin_ms AS beginMs, end_ms AS endMs, peak::BIGINT AS peak,
        least(coalesce(end_ms, ${endMs}), ${endMs}) - greatest(begin_ms, ${beginMs}) AS lastsMs,
        first_out.tag, first_out.definition, first_out.channel, first_out.priority
      FROM floods, LATERAL (
        SELECT tag, definition, channel, priority FROM annunciations
        WHERE at_ms > begin_ms - 600000 ORDER BY at_ms, number LIMIT 1) first_out
      WHERE lastsMs > 0 OR begin_ms = ${endMs}
      ORDER BY begin_ms`);
  }
}
