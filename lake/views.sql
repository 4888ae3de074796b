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

-- What the messages about an article amount to, each kind by itself. A withhold and a release of
-- one moment: the article stays withheld, which errs on the side that can be mended.
CREATE VIEW control_states AS
SELECT current_article_id,
       bool_or(kind = 'kill') AS is_killed,
       arg_max(
           CASE kind WHEN 'withhold' THEN 'withheld' ELSE 'usable' END,
           (coalesce("at", TIMESTAMPTZ '0001-01-01 00:00:00+00'), kind = 'withhold')
       ) FILTER (kind IN ('withhold', 'release')) AS pubstatus,
       max("at") FILTER (kind = 'embargo') AS embargoed
FROM controls_now
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

CREATE VIEW articles_now AS
SELECT articles.*,
       version_orders.current_article_id,
       version_order,
       version_order = version_count AS is_current,
       CASE
           WHEN coalesce(is_killed, false) OR is_canceled THEN 'canceled'
           ELSE coalesce(control_states.pubstatus, articles.pubstatus)
       END AS effective_pubstatus,
       coalesce(control_states.embargoed, articles.embargoed) AS effective_embargoed
FROM articles
JOIN version_orders USING (version_id)
LEFT JOIN control_states
    ON control_states.current_article_id = version_orders.current_article_id;

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
