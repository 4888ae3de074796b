"""Run by Airflow's own Python, not by pytest: prints what the DAG is and what exit codes become.

Arguments: the DAG's file, then a program that leaves with the code that it is given.
"""

import importlib.util
import json
import sys

spec = importlib.util.spec_from_file_location("wiretrace_dag", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
module.PROGRAM = sys.argv[2]

(task,) = module.dag.tasks
outcomes = {}
for code in (0, 1, 2, 3, 5, 6, 7, 75, 130, 143, "kill"):
    one = module.WiretraceOperator(task_id=f"code-{code}", arguments=[str(code)])
    try:
        outcomes[str(code)] = one.execute({})
    except Exception as error:
        outcomes[str(code)] = type(error).__name__
print(
    json.dumps(
        {
            "dag_id": module.dag.dag_id,
            "max_active_runs": module.dag.max_active_runs,
            "catchup": module.dag.catchup,
            "timetable": module.dag.timetable.expression,
            "retries": task.retries,
            "task": task.task_id,
            "outcomes": outcomes,
        }
    )
)
