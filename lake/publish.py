"""What a writer changed in its copy of a lake becomes the lake in the store, all or nothing.

Data files and sorted runs, whose names hold their hash, are uploaded first: until a log or manifest
names them they are nothing. All else that changed, logs and manifests, is written down in one plan
object. Swapping the lease so that it names the plan is the commit point. Then each object of the
plan is put, the log of `runs` last, and what the writer deleted is deleted; every step is harmless
when repeated, so whoever takes over the lease carries out the plan that it names.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass

from lake.data_file import hash_in_name
from lake.mirror import AT_ONCE, Workspace, adopt, is_mirrored, stat, tags, walk
from lake.remote_lease import HeldLease, LeaseLost, read_lease
from lake.store import PutConflict, Store, StoreUnavailable, put_once
from lake.tables import LakeDamaged
from schemas.run import RUNS

_RUN_FILE = re.compile(r"_state/keys/[a-z0-9_]+-[0-9a-f]{32}\.run")
# Made again by whoever lacks them, and right whenever they are there.
_DERIVED = ("_state/search/", "_state/signatures/", "_state/profiles/")
_PLANS = "_state/plans/"
_DELETED_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Put:
    """One object to write: in place of the one with this tag, or where there is none."""

    name: str
    data: bytes
    replaces: str | None


@dataclass(frozen=True, slots=True)
class RemotePlan:
    """What is left to do once a commit has been decided; in this order."""

    sequence: int
    puts: tuple[Put, ...]
    deletes: tuple[str, ...]

    def to_bytes(self) -> bytes:
        """JSON, as it is kept in `_state/plans`."""
        puts = [asdict(put) | {"data": base64.b64encode(put.data).decode()} for put in self.puts]
        value = {"sequence": self.sequence, "puts": puts, "deletes": self.deletes}
        return json.dumps(value).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> RemotePlan:
        """The inverse of `to_bytes`."""
        value = json.loads(data)
        puts = (Put(p["name"], base64.b64decode(p["data"]), p["replaces"]) for p in value["puts"])
        return cls(value["sequence"], tuple(puts), tuple(value["deletes"]))


class _Overtaken(Exception):
    """An object of the plan is neither as it was before nor as the plan leaves it."""


def publish(store: Store, lease: HeldLease, work: Workspace) -> None:
    """Commit what differs between a writer's copy and what it was made of; nothing if nothing does.

    Raises:
        LeaseLost: another writer took over before the commit point.
        LakeDamaged: somebody else than wiretrace wrote to the lake meanwhile.
        StoreRefused, StoreUnavailable: see `lake.store`; the latter also says how it may stand.
    """
    changed, deleted = find_changes(work)
    if not changed and not deleted:
        return
    early = [name for name in changed if _is_early(name)]
    late = sorted((name for name in changed if not _is_early(name)), key=_rank)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        written = dict(zip(early, pool.map(lambda n: _upload(store, work, n), early), strict=True))
    known = tags(work.mirror)
    puts = tuple(Put(name, (work.root / name).read_bytes(), known.get(name)) for name in late)
    plan = RemotePlan(lease.state.sequence, puts, tuple(deleted))
    put_once(store, plan_name(plan.sequence), plan.to_bytes(), if_absent=True)
    try:
        _decide(store, lease, plan)
        late_tags = _apply_own(store, lease, plan)
        store.delete([plan_name(plan.sequence)])
    except StoreUnavailable as error:
        raise StoreUnavailable(
            f"{error}. Whether the commit was decided before is not known: the next writer "
            "completes it if it was; look with `wiretrace runs list`"
        ) from error
    if late_tags is not None:
        adopt(work, written | late_tags, deleted)


def roll_forward(store: Store, lease: HeldLease) -> int | None:
    """Carry out the plan that the lease names, which another writer left; its sequence, or None."""
    sequence = lease.state.plan
    if sequence is None:
        return None
    found = store.get(plan_name(sequence))
    if found is not None:
        try:
            _apply(store, RemotePlan.from_bytes(found.data), lease)
        except _Overtaken as error:
            raise _strange(store, error) from error
    lease.clear_plan()
    return sequence


def sweep_plans(store: Store) -> None:
    """Delete plans that no lease names. Safe only under the lease, when none is left to do."""
    store.delete([found.name for found in store.list(_PLANS)])


def find_changes(work: Workspace) -> tuple[list[str], list[str]]:
    """Names of files that are new or changed in a writer's copy, and of those that are gone."""
    here = {name for name in walk(work.root) if is_mirrored(name) and not _is_private(name)}
    changed = [name for name in sorted(here) if _is_changed(work, name)]
    return changed, sorted(work.known.keys() - here)


def plan_name(sequence: int) -> str:
    """The plan object of a sequence."""
    return f"{_PLANS}{sequence:012d}.json"


def _is_changed(work: Workspace, name: str) -> bool:
    now = stat(work.root / name)
    if work.known.get(name) == now:
        return False
    mirrored = work.mirror / name
    # What was fetched meanwhile lies in the mirror as well.
    return not (mirrored.exists() and stat(mirrored) == now)


def _is_private(name: str) -> bool:
    return name.rpartition("/")[2].startswith(".")


def _is_early(name: str) -> bool:
    is_data = bool(hash_in_name(name)) and "/_delta_log/" not in name
    return is_data or bool(_RUN_FILE.fullmatch(name)) or name.startswith(_DERIVED)


def _rank(name: str) -> tuple[int, str, bool, str]:
    """State, then logs table by table, `runs` last; a log's checkpoints after its commits."""
    table, in_log, file = name.partition("/_delta_log/")
    place = 2 if in_log and table == RUNS.name else 1 if in_log else 0
    return place, table, not file.endswith(".json"), file


def _upload(store: Store, work: Workspace, name: str) -> str:
    path = work.root / name
    if name.startswith(_DERIVED):
        return store.put(name, path)
    try:
        return store.put(name, path, if_absent=True)
    except PutConflict:
        found = next((f for f in store.list(name, at_most=1) if f.name == name), None)
        if found is None or found.size != path.stat().st_size:
            raise LakeDamaged(f"{store.url}/{name} is not what its name promises") from None
        return found.tag


def _decide(store: Store, lease: HeldLease, plan: RemotePlan) -> None:
    try:
        lease.name_plan()
    except LeaseLost:
        store.delete([plan_name(plan.sequence)])
        raise


def _apply_own(store: Store, lease: HeldLease, plan: RemotePlan) -> dict[str, str] | None:
    """The tags of what was put; None where we stood still and who took over has carried it out."""
    try:
        written = _apply(store, plan, lease)
        lease.clear_plan()
    except (_Overtaken, LeaseLost) as error:
        now = read_lease(store)
        if now is None or now.sequence <= plan.sequence:
            raise _strange(store, error) from error
        return None
    return written


def _apply(store: Store, plan: RemotePlan, lease: HeldLease) -> dict[str, str]:
    written = {}
    for put in plan.puts:
        try:
            written[put.name] = put_once(
                store, put.name, put.data, if_absent=put.replaces is None, if_match=put.replaces
            )
        except PutConflict as error:
            raise _Overtaken(put.name) from error
    for names in _in_batches(plan.deletes):
        # A name may have come back with a later commit: nothing is deleted on a stale lease.
        if not lease.is_fresh:
            lease.renew()
        store.delete(names)
    return written


def _in_batches(names: Iterable[str]) -> Iterator[list[str]]:
    left = list(names)
    for start in range(0, len(left), _DELETED_AT_ONCE):
        yield left[start : start + _DELETED_AT_ONCE]


def _strange(store: Store, error: Exception) -> LakeDamaged:
    return LakeDamaged(
        f"{store.url}/{error} was written by something else than wiretrace while a run was being "
        "committed; delete that object, and the next writer completes the run"
    )
