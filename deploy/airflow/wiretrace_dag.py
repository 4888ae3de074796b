"""An Airflow DAG: a round of feeds and drop folders every hour.

Copy it into the folder of DAGs of Airflow 3 (`apache-airflow-providers-standard` comes with it) and
adapt the paths. wiretrace stays in a virtual environment of its own: its libraries and Airflow's
clash. What each exit code means for the task is in docs/scheduling.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.providers.standard.hooks.subprocess import SubprocessHook
from airflow.sdk import DAG, BaseOperator
from airflow.sdk.exceptions import AirflowException, AirflowFailException

PROGRAM = "/opt/wiretrace/.venv/bin/wiretrace"
LAKE = "/var/lib/wiretrace/lake"
INBOX = "/var/lib/wiretrace/inbox"

# What another hour, or another attempt, may mend; a signal (a negative code) is one of them.
TRY_AGAIN = {
    5: "another writer has the lake",
    7: "no source could be read",
    75: "something temporary",
    130: "interrupted",
    143: "asked to stop",
}


class WiretraceOperator(BaseOperator):
    """Runs the command; its lines become the task's log, its exit code what becomes of the task."""

    template_fields: Sequence[str] = ("arguments",)

    def __init__(self, *, arguments: Sequence[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.arguments = list(arguments)
        self._hook = SubprocessHook()

    def execute(self, context: Any) -> int:
        """Run to the end; gives the exit code, 0 or 3.

        Raises:
            AirflowException: what `retries` may mend.
            AirflowFailException: what nobody should try again before somebody has looked.
        """
        code = self._hook.run_command([PROGRAM, *self.arguments]).exit_code
        if code == 3:
            self.log.warning("committed, and something was rejected: wiretrace runs show")
        elif code in TRY_AGAIN or code < 0:
            raise AirflowException(f"exit code {code}: {TRY_AGAIN.get(code, 'killed')}")
        elif code:
            raise AirflowFailException(
                f"exit code {code}: see the log; 6 asks for wiretrace doctor"
            )
        return code

    def on_kill(self) -> None:
        """Ask it to finish its round, as Ctrl-C would."""
        self._hook.send_sigterm()


with DAG(
    dag_id="wiretrace",
    schedule="7 * * * *",  # not on the hour, when everybody asks the feeds
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    # A round takes in all that is there: those that were missed would find nothing.
    catchup=False,
    # The lake's lease makes two harmless; the second would only wait.
    max_active_runs=1,
    default_args={"retries": 3, "retry_delay": timedelta(minutes=5)},
    doc_md=__doc__,
    tags=["news"],
) as dag:
    WiretraceOperator(
        task_id="round",
        arguments=["watch", "--once", "--lake", LAKE, "--drop", INBOX, "--wait", "600"],
        execution_timeout=timedelta(minutes=50),
    )
