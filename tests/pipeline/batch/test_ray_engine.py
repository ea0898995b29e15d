"""The Ray engine: a cluster of several nodes on this machine makes the same memory as this process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hexapla.batch.ledger import EntryStatus, LedgerEntry
from hexapla.batch.manifest import open_manifest
from hexapla.batch.ray_engine import RayEngine
from hexapla.batch.run import open_folder, run_batch
from hexapla.errors import InputError
from hexapla.progress import quiet
from support_batch import LIMITS, SETUP, add_batch, assert_same_units, rows_of_ledger, write_manifest

pytestmark = pytest.mark.ray

DOCUMENTS = 10
STORE = 80_000_000  # bytes of the object store of a node, near the minimum that Ray allows
QUICK = {
    "health_check_initial_delay_ms": 0,
    "health_check_period_ms": 500,
    "health_check_failure_threshold": 4,
}


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A head without cores, and two nodes with one core each."""
    monkeypatch.setenv("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    from ray.cluster_utils import Cluster

    head = {"num_cpus": 0, "object_store_memory": STORE, "_system_config": QUICK}
    cluster: Any = Cluster(initialize_head=True, head_node_args=head)
    for _ in range(2):
        cluster.add_node(num_cpus=1, object_store_memory=STORE)
    yield cluster
    cluster.shutdown()


@pytest.mark.filterwarnings("ignore::DeprecationWarning:ray")  # Ray warns about its own settings
def test_a_node_that_is_killed_loses_no_document(cluster: Any, tmp_path: Path) -> None:  # noqa: ANN401
    """The documents of a killed node are aligned on the other; the memory equals that of this process, unit for unit."""
    manifest = write_manifest(tmp_path / "documents", DOCUMENTS, blocks=6)
    (tmp_path / "documents" / "002.fr.txt").write_bytes(b"")
    nodes = list(cluster.worker_nodes)
    after: list[str] = []

    def committed(row: LedgerEntry) -> None:
        if not nodes:
            after.append(row.document)
        else:
            cluster.remove_node(nodes.pop(), allow_graceful=False)
            nodes.clear()

    summary = run_batch(
        open_folder(tmp_path / "ray"),
        open_manifest(str(manifest)),
        RayEngine(SETUP, LIMITS, None, cluster.address),
        stopped=lambda: False,
        on_commit=committed,
        progress=quiet,
    )
    assert (summary.done, summary.failed, summary.left) == (DOCUMENTS - 1, 1, 0)
    assert after  # the node was removed before the end
    assert len(cluster.worker_nodes) == 1
    add_batch(manifest, tmp_path / "here")
    assert_same_units(tmp_path / "ray", tmp_path / "here")
    recorded = [
        {row.document: (row.status, row.error) for row in rows_of_ledger(tmp_path / name).values()}
        for name in ("ray", "here")
    ]
    assert recorded[0] == recorded[1]
    assert recorded[0]["D/002"][0] is EntryStatus.FAILED


def test_an_address_without_a_cluster_is_refused(tmp_path: Path) -> None:
    """The error names the address, and no document fails."""
    engine = RayEngine(SETUP, LIMITS, 1, "127.0.0.1:1")
    with pytest.raises(InputError, match=r"no Ray cluster can be used at 127\.0\.0\.1:1 .*: check --address"):
        list(engine.outcomes(iter(())))
    assert os.environ.get("RAY_ADDRESS") is None
