-- Views of the current state over the pinned tables (DESIGN §3, §4.3). Rows are never rewritten:
-- whatever may change later is decided here, and in no other place.

-- Where an alias leads in the end; of several ends the least, so that no order of arrival decides.
CREATE VIEW alias_ends AS
WITH RECURSIVE chain(article_id, alias_of, depth) AS (
    SELECT article_id, alias_of, 1 FROM article_aliases WHERE article_id <> alias_of
    UNION
    SELECT chain.article_id, next.alias_of, depth + 1
    FROM chain JOIN article_aliases AS next ON next.article_id = chain.alias_of
    WHERE depth < 64 AND next.alias_of <> chain.article_id AND next.alias_of <> next.article_id
)
SELECT article_id, min(alias_of) AS current_article_id
FROM chain
WHERE alias_of NOT IN (SELECT article_id FROM article_aliases WHERE article_id <> alias_of)
GROUP BY article_id;

CREATE VIEW sightings_now AS
SELECT sightings.*, coalesce(current_article_id, article_id) AS current_article_id,
       runs.sequence AS sequence
FROM sightings
LEFT JOIN alias_ends USING (article_id)
LEFT JOIN runs USING (run_id);

CREATE VIEW controls_now AS
SELECT controls.*, coalesce(current_article_id, article_id) AS current_article_id
FROM controls LEFT JOIN alias_ends USING (article_id);

-- What the messages about an article amount to, each kind by itself. A message without a time is
-- older than any with one. A version that says `release` is such a message with the text. Some reach
-- whoever has the name (`any_outlet`; `named` in lake/current.py says the same).
CREATE VIEW control_states AS
WITH messages AS (
    SELECT current_article_id, kind, "at" FROM controls_now
    UNION ALL
    SELECT coalesce(current_article_id, named.article_id), kind, "at"
    FROM controls
    JOIN (
        SELECT article_id, uri FROM articles UNION ALL SELECT article_id, guid FROM articles
    ) AS named ON named.uri = controls.uri
        AND coalesce(controls.any_outlet, contains(controls.uri, ':'))
    LEFT JOIN alias_ends ON alias_ends.article_id = named.article_id
    UNION ALL
    SELECT coalesce(current_article_id, article_id), 'release', coalesce(versioncreated, published)
    FROM articles LEFT JOIN alias_ends USING (article_id)
    WHERE list_contains(signals, 'release')
), timed AS (
    SELECT *, coalesce("at", TIMESTAMPTZ '0001-01-01 00:00:00+00') AS moment FROM messages
)
SELECT current_article_id,
       bool_or(kind = 'kill') AS is_killed,
       max(moment) FILTER (kind = 'withhold') AS withheld_at,
       max(moment) FILTER (kind = 'release') AS released_at,
       list(moment) FILTER (kind = 'release') AS releases,
       bool_or(kind = 'release' AND "at" IS NULL) AS is_released,
       max("at") FILTER (kind = 'embargo') AS embargoed,
       bool_or(kind = 'embargo' AND "at" IS NULL) AS is_embargo_open
FROM timed
GROUP BY current_article_id;

-- Order of an article's versions, 1 = oldest: by what was stated, never by arrival. Only where all
-- that is equal the version sighted last stands last ("an older one sighted again is current
-- again"), then the longer one, then the id. Narrow on purpose: the texts are joined back later.
CREATE VIEW version_orders AS
WITH seen AS (
    SELECT version_id, max(claimed_published) AS claimed, max(sequence) AS last_sequence
    FROM sightings_now GROUP BY version_id
), stated AS (
    SELECT article_id, version_id, word_count, version_stated, last_sequence,
           coalesce(current_article_id, article_id) AS current_article_id,
           pubstatus = 'canceled' AS is_canceled,
           greatest(coalesce(versioncreated, published), claimed) AS stated_at,
           greatest(published, claimed) AS stated_published,
           -- 10 after 9, and 1.10 after 1.9
           list_transform(
               regexp_extract_all(left(version_stated, 100), '[0-9]+'),
               lambda digits: try_cast(digits AS HUGEINT)
           ) AS stated_numbers
    FROM articles
    LEFT JOIN alias_ends USING (article_id)
    LEFT JOIN seen USING (version_id)
)
SELECT version_id, current_article_id,
       row_number() OVER newest AS version_order,
       count(*) OVER whole AS version_count,
       bool_or(is_canceled) OVER whole AS is_canceled
FROM stated
WINDOW whole AS (PARTITION BY current_article_id),
       newest AS (
           PARTITION BY current_article_id
           ORDER BY stated_at NULLS FIRST, stated_published NULLS FIRST,
                    stated_numbers NULLS FIRST, version_stated NULLS FIRST,
                    last_sequence NULLS FIRST, word_count, version_id
       );

-- A version's own words count with the messages. Withheld and released at one moment is withheld,
-- which errs on the side that can be mended. A release ends an embargo that was stated before it, at
-- the release's time; one that says no time ends it at once. When a message stated an embargo is
-- not known (its `at` is the embargo's end), so any release ends that. `is_embargo_open`: an embargo
-- is stated, but not until when.
CREATE VIEW articles_now AS
WITH stated AS (
    SELECT articles.*,
           version_orders.current_article_id,
           version_order,
           version_order = version_count AS is_current,
           coalesce(is_killed, false) OR is_canceled AS is_canceled,
           greatest(withheld_at, CASE articles.pubstatus WHEN 'withheld' THEN own_time END)
               AS withheld_at,
           released_at,
           releases,
           coalesce(is_released, false) AS is_released,
           coalesce(control_states.embargoed, articles.embargoed) AS embargo,
           CASE WHEN control_states.embargoed IS NULL THEN own_time END AS embargo_stated_at,
           coalesce(is_embargo_open, false) OR list_contains(articles.signals, 'embargo')
               AS is_embargo_stated
    FROM (
        SELECT *, coalesce(versioncreated, published, TIMESTAMPTZ '0001-01-01 00:00:00+00')
                  AS own_time
        FROM articles
    ) AS articles
    JOIN version_orders USING (version_id)
    LEFT JOIN control_states
        ON control_states.current_article_id = version_orders.current_article_id
)
SELECT stated.* EXCLUDE (
           own_time, is_canceled, withheld_at, released_at, releases, is_released, embargo,
           embargo_stated_at, is_embargo_stated
       ),
       CASE
           WHEN is_canceled THEN 'canceled'
           WHEN withheld_at >= coalesce(released_at, withheld_at) THEN 'withheld'
           ELSE 'usable'
       END AS effective_pubstatus,
       CASE
           WHEN embargo IS NULL OR is_released THEN NULL
           ELSE least(embargo, list_min(list_filter(
               releases, lambda moment: moment >= coalesce(embargo_stated_at, moment)
           )))
       END AS effective_embargoed,
       is_embargo_stated AND embargo IS NULL AND released_at IS NULL AS is_embargo_open
FROM stated;

-- Takes of one story: articles of one outlet under one slugline, not more than a day apart, of which
-- one at least says that it is a take, an add or a lead. A pair is here once.
CREATE VIEW takes_now AS
WITH told AS (
    SELECT current_article_id, outlet, coalesce(published, first_seen) AS moment,
           list_has_any(signals, ['take', 'lead']) AS is_take,
           -- Without the version section: what follows the comma behind an ANPA 1312 cycle
           -- designator, a comma and a number, or stands in the last bracket.
           trim(regexp_replace(regexp_replace(
               lower(nfc_normalize(slugline)), '\([^()]*\)\s*$', ''
           ), '^([abp][cmp]-[^,]*),.*$|,[^,]*[0-9].*$', '\1'), ' /-') AS slug
    FROM articles_now WHERE is_current AND slugline IS NOT NULL
)
SELECT later.current_article_id AS from_article_id, earlier.current_article_id AS to_article_id,
       outlet, slug, earlier.moment AS to_moment, later.moment AS from_moment
FROM told AS later JOIN told AS earlier USING (outlet, slug)
WHERE (earlier.moment, earlier.current_article_id) < (later.moment, later.current_article_id)
  AND later.moment <= earlier.moment + INTERVAL 24 HOURS
  AND (earlier.is_take OR later.is_take)
  AND slug <> '';

-- Who has whose text, a row per pair of articles: of their versions those that share most, of equals
-- the earliest. A form claims nothing; and what agrees in its data may be a form all the same, where
-- its words stand with other data on three days: then it is copied only within half a day, or with a
-- credit (transforms/copies/thresholds.toml, `form`). What an outlet puts under three of its articles
-- and more is its boilerplate, or its background, and no excerpt. Times say nothing of who was first
-- where a version is not its article's first and does not state when it was made, nor where the later
-- one has a version from before the earlier one.
CREATE VIEW links_now AS
WITH said AS (
    SELECT links.* EXCLUDE (from_article_id, to_article_id),
           coalesce(later.current_article_id, links.from_article_id) AS from_article_id,
           coalesce(earlier.current_article_id, links.to_article_id) AS to_article_id,
           row_number() OVER (
               PARTITION BY least(from_version_id, to_version_id),
                            greatest(from_version_id, to_version_id)
               ORDER BY runs.sequence DESC, links.withdrawn, from_version_id
           ) AS newest
    FROM links
    LEFT JOIN runs USING (run_id)
    LEFT JOIN alias_ends AS later ON later.article_id = links.from_article_id
    LEFT JOIN alias_ends AS earlier ON earlier.article_id = links.to_article_id
), versions AS (
    SELECT version_id, outlet, articles.published, version_order,
           version_order = 1 OR versioncreated IS NOT NULL AS is_dated,
           min(articles.published) OVER (PARTITION BY current_article_id) AS first_published
    FROM articles JOIN version_orders USING (version_id)
), standing AS (
    SELECT said.*, copies.outlet = sources.outlet AS is_own,
           copies.version_order + sources.version_order AS place,
           CASE WHEN copies.published IS NOT NULL THEN from_date END AS from_day,
           CASE WHEN sources.published IS NOT NULL THEN to_date END AS to_day,
           direction_reason = 'time'
               AND NOT (sources.is_dated AND copies.first_published > sources.published)
               AS is_undecided
    FROM said
    JOIN versions AS copies ON copies.version_id = from_version_id
    JOIN versions AS sources ON sources.version_id = to_version_id
    WHERE newest = 1 AND NOT withdrawn AND from_article_id <> to_article_id
), repeated AS (
    SELECT article_id, count(DISTINCT other) AS times
    FROM (
        SELECT from_article_id AS article_id, to_article_id AS other
        FROM standing WHERE kind = 'excerpt' AND is_own
        UNION ALL
        SELECT to_article_id, from_article_id FROM standing WHERE kind = 'excerpt' AND is_own
    ) GROUP BY article_id
), forms AS (
    SELECT article_id, count(DISTINCT day) AS form_days
    FROM (
        SELECT from_article_id AS article_id, to_day AS day FROM standing WHERE kind = 'form'
        UNION ALL
        SELECT to_article_id, from_day FROM standing WHERE kind = 'form'
    ) GROUP BY article_id
), ranked AS (
    SELECT standing.* REPLACE (
               CASE WHEN is_undecided THEN 'unknown' ELSE direction END AS direction,
               CASE WHEN is_undecided THEN 'revised' ELSE direction_reason END AS direction_reason
           ),
           row_number() OVER (
               PARTITION BY least(from_article_id, to_article_id),
                            greatest(from_article_id, to_article_id)
               ORDER BY containment_from + containment_to DESC, score DESC, place,
                        from_version_id, to_version_id
           ) AS best
    FROM standing
    LEFT JOIN forms AS ours ON ours.article_id = from_article_id
    LEFT JOIN forms AS theirs ON theirs.article_id = to_article_id
    LEFT JOIN repeated AS ours_repeated ON ours_repeated.article_id = from_article_id
    LEFT JOIN repeated AS theirs_repeated ON theirs_repeated.article_id = to_article_id
    WHERE kind <> 'form'
      AND (kind <> 'excerpt' OR NOT is_own
           OR coalesce(greatest(ours_repeated.times, theirs_repeated.times), 0) < 3)
      AND (credited OR coalesce(hours_apart <= 12, false)
           OR coalesce(greatest(ours.form_days, theirs.form_days), 0) < 3)
)
SELECT from_article_id, to_article_id,
       * EXCLUDE (
           from_article_id, to_article_id, newest, is_own, place, from_day, to_day, is_undecided, best
       )
FROM ranked WHERE best = 1;

-- Articles that have one text, as a family: half of each at least is in the other, so that a round-up
-- unites nothing. `copy_id` is the article of the family that claims the earliest time. Components by
-- least labels: in each round who got a lesser one tells its neighbours, and these are grouped before
-- they are looked up, else rounds are quadratic (docs/decisions/0012).
CREATE VIEW copy_families AS
WITH RECURSIVE strong AS MATERIALIZED (
    SELECT from_article_id AS one, to_article_id AS other
    FROM links_now WHERE least(containment_from, containment_to) >= 0.5
), claimed AS (
    SELECT coalesce(current_article_id, article_id) AS article_id, min(published) AS published
    FROM articles LEFT JOIN alias_ends USING (article_id) GROUP BY ALL
), places AS MATERIALIZED (
    SELECT article_id,
           row_number() OVER (ORDER BY published NULLS LAST, article_id) AS place
    FROM claimed
    WHERE article_id IN (SELECT one FROM strong UNION SELECT other FROM strong)
), edges AS MATERIALIZED (
    SELECT ones.place AS one, others.place AS other
    FROM strong
    JOIN places AS ones ON ones.article_id = strong.one
    JOIN places AS others ON others.article_id = strong.other
), both_ways AS MATERIALIZED (
    SELECT one, other FROM edges UNION SELECT other, one FROM edges
), reached(place, label) USING KEY (place) AS (
    SELECT place, place FROM places
    UNION
    SELECT told.other, told.label
    FROM (
        SELECT both_ways.other, min(reached.label) AS label
        FROM reached JOIN both_ways ON both_ways.one = reached.place
        GROUP BY both_ways.other
    ) AS told
    JOIN recurring.reached AS known ON known.place = told.other
    WHERE told.label < known.label
)
SELECT members.article_id, founders.article_id AS copy_id
FROM reached
JOIN places AS members ON members.place = reached.place
JOIN places AS founders ON founders.place = reached.label;

-- Where each article stands: of its rows the newest hold, a leave and a join at once is a move.
CREATE VIEW places_now AS
SELECT story_id AS part_id, article_id, language, score, reason, day
FROM (
    SELECT *, max(sequence) OVER (PARTITION BY article_id) AS last_sequence FROM story_members
) WHERE op = 'join' AND sequence = last_sequence;

CREATE VIEW story_aliases_now AS
SELECT * EXCLUDE (newest)
FROM (
    SELECT *, row_number() OVER (
        PARTITION BY story_id, alias_of, reason ORDER BY sequence DESC
    ) AS newest
    FROM story_aliases
) WHERE newest = 1 AND NOT withdrawn;

-- A story's parts in single languages, and what was merged, go by the id of the part that was
-- founded on the earliest day: the day of its first run's rows, which no later run can change. A
-- part that has no member any more is only a name. Components by least labels, as in copy_families.
CREATE VIEW story_parts AS
WITH RECURSIVE founded AS (
    SELECT story_id, min(day) AS founded_on
    FROM (
        SELECT *, min(sequence) OVER (PARTITION BY story_id) AS first_sequence FROM story_members
    ) WHERE sequence = first_sequence GROUP BY story_id
), places AS MATERIALIZED (
    SELECT story_id,
           row_number() OVER (
               ORDER BY story_id NOT IN (SELECT part_id FROM places_now),
                        founded_on NULLS LAST, story_id
           ) AS place
    FROM founded
), edges AS MATERIALIZED (
    SELECT ones.place AS one, others.place AS other
    FROM story_aliases_now
    JOIN places AS ones USING (story_id)
    JOIN places AS others ON others.story_id = alias_of
), both_ways AS MATERIALIZED (
    SELECT one, other FROM edges UNION SELECT other, one FROM edges
), reached(place, label) USING KEY (place) AS (
    SELECT place, place FROM places
    UNION
    SELECT told.other, told.label
    FROM (
        SELECT both_ways.other, min(reached.label) AS label
        FROM reached JOIN both_ways ON both_ways.one = reached.place
        GROUP BY both_ways.other
    ) AS told
    JOIN recurring.reached AS known ON known.place = told.other
    WHERE told.label < known.label
)
SELECT parts.story_id AS part_id, wholes.story_id AS story_id
FROM reached
JOIN places AS parts ON parts.place = reached.place
JOIN places AS wholes ON wholes.place = reached.label;

CREATE VIEW members_now AS
SELECT article_id, story_id, part_id, language, score, reason, day
FROM places_now
JOIN story_parts USING (part_id)
-- What is an alias stands where the article stands that it is.
ANTI JOIN alias_ends USING (article_id);

CREATE VIEW entities_now AS
SELECT entities.*, version_orders.current_article_id
FROM entities JOIN version_orders USING (version_id)
WHERE version_order = version_count;

-- A row per run and outcome.
CREATE VIEW ledger AS
SELECT sequence, run_id, command, outcome, items, seen, started
FROM (
    UNPIVOT (SELECT sequence, run_id, command, seen, started,
                    new, revised, duplicate, control, rejected FROM runs)
    ON new, revised, duplicate, control, rejected INTO NAME outcome VALUE items
);
