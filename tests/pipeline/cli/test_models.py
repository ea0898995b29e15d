"""Alignment and memories with encoders other than the embedded one, and the commands on encoders."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import numpy as np
import pytest

from hexapla.alignment.align import align_files
from hexapla.alignment.calibration import Calibration, Support, calibrated
from hexapla.alignment.calibration_fit import Component, JudgedRow, calibration_error, fit_calibration, judge
from hexapla.alignment.encoder_calibration import LEAST_ROWS, fit_on
from hexapla.alignment.gold import read_beads, read_gold_pair
from hexapla.errors import HexaplaError, InputError
from hexapla.inputs import Input
from hexapla.memory.memory import Memory
from hexapla.rows import Alignment
from hexapla_corpora.sample import LANGUAGES, sample_files
from hexapla_models.calibrations import DEFAULT, fitted_calibrations, store_calibration
from hexapla_models.catalogue import KNOWN
from hexapla_models.encoder import Encoder
from support_cli import hexapla, write_versions
from support_models import make_model
from support_sentences import passages
from support_server import Server, serving

START = Calibration(DEFAULT["aligned"], DEFAULT["alone"])


@pytest.fixture(autouse=True)
def config(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A separate configuration folder for each test."""
    monkeypatch.setenv("HEXAPLA_CONFIG", str(tmp_path / "config"))
    return tmp_path / "config"


def sample_alignment(model: str, languages: Sequence[str] = LANGUAGES) -> Alignment:
    return align_files([Input(sample_files()[language], language) for language in languages], model=model)


@pytest.mark.torch
def test_the_torch_module_aligns_the_sample_as_the_embedded_encoder_does() -> None:
    """In six languages and at both levels, rows and probabilities are the same."""
    ours, theirs = sample_alignment("embedded"), sample_alignment("embedded-torch")
    assert [row.segments for row in theirs.rows] == [row.segments for row in ours.rows]
    assert [row.texts for row in theirs.rows] == [row.texts for row in ours.rows]
    np.testing.assert_allclose(
        [row.probability for row in theirs.rows], [row.probability for row in ours.rows], atol=1e-4
    )
    assert theirs.signature.model == "embedded-torch"
    assert theirs.signature.model_hash == ours.signature.model_hash


@pytest.mark.torch
@pytest.mark.parametrize("kind", ["mean", "first", "static"])
def test_any_model_of_a_folder_aligns(tmp_path: Path, kind: str) -> None:
    """On the command line, even a model with random weights puts every paragraph in a row."""
    folder = make_model(kind, tmp_path)
    output = tmp_path / "out.jsonl"
    done = hexapla("align", *write_versions(tmp_path), "-o", output, "--model", folder, "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["signature"]["model"] == str(folder)
    rows = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    assert sum("en" in row["texts"] for row in rows if row["level"] == "paragraph") == 4


def test_a_server_aligns_as_its_model_does(tmp_path: Path, encoder: Encoder) -> None:
    """The address of a server can be given instead of a model."""
    versions = write_versions(tmp_path)
    outputs = [tmp_path / "own.jsonl", tmp_path / "served.jsonl"]
    with serving(Server(encoder)) as server:
        for output, model in zip(outputs, ("embedded", f"{server.address}#embedded"), strict=True):
            done = hexapla("align", *versions, "-o", output, "--model", model)
            assert done.exit_code == 0, done.output
    own, served = ([row_of(line) for line in output.read_text().splitlines()] for output in outputs)
    assert own == served


def row_of(line: str) -> object:
    row = json.loads(line)
    return row["level"], row["texts"]


@pytest.mark.torch
def test_a_memory_keeps_the_encoder_it_was_made_with(tmp_path: Path) -> None:
    """`add --model` makes a memory with that encoder, look-up uses it, and another encoder is refused."""
    memory, model = tmp_path / "un.hexapla", make_model("mean", tmp_path)
    versions = write_versions(tmp_path)
    done = hexapla("add", memory, *versions, "--model", model)
    assert done.exit_code == 0, done.output
    assert json.loads(hexapla("info", memory, "--json").stdout)["encoder"] == str(model)
    assert hexapla("add", memory, *versions, "--model", model).exit_code == 0
    found = Memory.open(memory).lookup("The cost is shared", source="en", target="fr")
    assert found
    refused = hexapla("add", memory, *versions, "--model", "embedded")
    assert refused.exit_code == 1
    assert f"reindex {memory} --model embedded" in refused.output
    assert hexapla("reindex", memory, "--model", "embedded").exit_code == 0
    assert hexapla("add", memory, *versions, "--model", "embedded").exit_code == 0


def test_models_lists_all_models() -> None:
    """Every model is in the table, and in the JSON with its languages and the place of its weights."""
    listed = hexapla("models")
    assert listed.exit_code == 0
    assert all(name in listed.stdout for name in KNOWN)
    assert "refused: runs code of its own" in listed.stdout
    records = {record["name"]: record for record in json.loads(hexapla("models", "--json").stdout)["models"]}
    assert list(records) == list(KNOWN)
    assert records["embedded"]["weights"] == "built in"
    assert records["embedded"]["calibrated"] == "measured"
    assert records["labse"]["hub"] == "sentence-transformers/LaBSE"
    assert records["gte-multilingual-base"]["refused"] is True


@pytest.mark.parametrize("command", ["align", "add", "models", "calibrate"])
def test_without_the_extra_commands_say_how_to_install_it(tmp_path: Path, command: str) -> None:
    """A plain installation lists the models, and every other command that needs one gives the exact command."""
    code = (
        "import sys; sys.modules['sentence_transformers'] = None; sys.modules['torch'] = None; "
        "sys.argv = ['hexapla', *sys.argv[1:]]; from hexapla.cli.main import main; main(prog_name='hexapla')"
    )
    gold = write_gold(tmp_path, 3)
    commands: dict[str, list[str | Path]] = {
        "align": [
            "align",
            *write_versions(tmp_path),
            "-o",
            tmp_path / "out.tmx",
            "--model",
            "embedded-torch",
        ],
        "add": ["add", tmp_path / "un.hexapla", *write_versions(tmp_path), "--model", "labse"],
        "models": ["models"],
        "calibrate": ["calibrate", "--model", "bge-m3", gold],
    }
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, commands[command])],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"COLUMNS": "200"},
    )
    assert done.returncode == (0 if command == "models" else 1), done.stderr
    assert "pip install 'hexapla[sentence-transformers]'" in done.stdout + done.stderr
    assert not (tmp_path / "un.hexapla").exists()


def write_gold(folder: Path, copies: int, suffix: str = "zh-en") -> Path:
    """Passages in Chinese and English, some of them merged or missing, with their beads."""
    numbers = random.Random(8)
    chinese: list[str] = []
    english: list[str] = []
    beads: list[str] = []
    for copy in range(copies):
        for passage in passages():
            source: list[int] = []
            target: list[int] = []
            if numbers.random() > 0.1:
                source = [len(chinese)]
                chinese.append(f"{passage['zh']}{copy if numbers.random() < 0.5 else ''}")
            if numbers.random() > 0.1:
                target = [len(english)]
                english.append(passage["en"][: numbers.randint(5, 300)])
            beads.append(f"{source}:{target}")
    (folder / "text.zh").write_text("\n".join(chinese), encoding="utf-8")
    (folder / "text.en").write_text("\n".join(english), encoding="utf-8")
    gold = folder / f"text.{suffix}"
    gold.write_text("\n".join(beads) + "\n", encoding="utf-8")
    return gold


def test_calibrate_stores_what_the_next_alignment_uses(tmp_path: Path) -> None:
    """The numbers are stored by the hash of the encoder, listed, used from then on, and named in the signature."""
    gold = write_gold(tmp_path, 6, "zhen")
    before = sample_alignment("embedded", ("zh", "en"))
    done = hexapla("calibrate", "--model", "embedded", gold, "--json")
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert said["rows"] >= LEAST_ROWS
    assert said["error_after"] < said["error_before"]
    assert set(fitted_calibrations()) == {said["hash"]}
    after = sample_alignment("embedded", ("zh", "en"))
    assert [row.segments for row in after.rows] == [row.segments for row in before.rows]
    assert [row.probability for row in after.rows] != [row.probability for row in before.rows]
    assert after.signature.parameters["calibration"] == "fitted by the user"
    assert "fitted by you" in hexapla("models").stdout


def test_too_little_gold_is_refused(tmp_path: Path) -> None:
    """A fit to too few rows, or to texts without a mistake, is not stored, and the error says what is needed."""
    done = hexapla("calibrate", "--model", "embedded", write_gold(tmp_path, 1))
    assert done.exit_code == 1
    assert f"{LEAST_ROWS} are needed" in done.output
    lines = "\n".join(f"Gauge {n} fell by {n * 7} metres." for n in range(250))
    for tag in ("zh", "en"):
        (tmp_path / f"text.{tag}").write_text(lines)
    (tmp_path / "text.zh-en").write_text("\n".join(f"[{n}]:[{n}]" for n in range(250)))
    done = hexapla("calibrate", "--model", "embedded", tmp_path / "text.zh-en")
    assert "harder to align" in done.output
    assert fitted_calibrations() == {}


def test_several_texts_are_judged_by_each_other(tmp_path: Path, encoder: Encoder) -> None:
    """With two texts, each is measured with a fit to the other; with one, the output says that the error flatters."""
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        folder.mkdir()
    pairs = [read_gold_pair(write_gold(folder, 4)) for folder in folders]
    assert fit_on(pairs, encoder).crossed
    done = hexapla("calibrate", "--model", "embedded", folders[0] / "text.zh-en")
    assert "which flatters" in done.output, done.output


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("text.gold", "[0]:[0]", "--pair SRC-TGT"),
        ("other.zh-en", "[0]:[0]", "--pair SRC-TGT"),
        ("text.zh-en", "[0]:[0]\n0 0", "line 2"),
        ("text.zh-en", "[0]:[9999]", "names line 9999"),
        ("text.zh-en", b"\xff\xfe", "cannot be read as gold beads"),
    ],
)
def test_bad_gold_is_refused(tmp_path: Path, name: str, text: str | bytes, said: str) -> None:
    """The error names beads without texts, lines that are not beads, and lines that the texts lack."""
    write_gold(tmp_path, 1)
    (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(HexaplaError) as caught:
        read_gold_pair(tmp_path / name)
    assert said in str(caught.value)
    assert name.split(".")[0] in str(caught.value)


def test_the_pair_may_be_given(tmp_path: Path) -> None:
    """Beads of any suffix go with texts of the languages that --pair names, the source first."""
    gold = write_gold(tmp_path, 1).rename(tmp_path / "text.gold")
    pair = read_gold_pair(gold, ("zh", "en"))
    assert (pair.source.language, pair.target.language) == ("zh", "en")
    with pytest.raises(InputError, match=r"text\.fr is missing"):
        read_gold_pair(gold, ("fr", "en"))


def test_beads_with_empty_sides_and_costs_are_read(tmp_path: Path) -> None:
    """Costs that other aligners write after a bead, and empty lines, are ignored."""
    path = tmp_path / "beads"
    path.write_text("[0, 1]:[]\n\n[]:[0]:0.25\n[2]:[1, 2]\n")
    assert read_beads(path) == [((0, 1), ()), ((), (0,)), ((2,), (1, 2))]


def test_rows_are_judged_by_gold_rows() -> None:
    """A row is right if it is a gold row; a row in one language, if no gold row aligns its passage."""
    support = Support(0.5, 0.5, 2, 2, 1)
    gold: list[Component] = [{"zh": (0,), "en": (0, 1)}, {"zh": (1,), "en": ()}]
    rows: list[Component] = [{"zh": (0,), "en": (0, 1)}, {"zh": (0,), "en": (0,)}, {"zh": (1,)}, {"en": (1,)}]
    found = [(row, support) for row in rows]
    assert [row.right for row in judge(found, gold, "set", "text")] == [True, False, True, False]


def drawn(truth: Calibration, count: int) -> list[JudgedRow]:
    """Draw rows that are right as often as a calibration says."""
    numbers = random.Random(4)
    rows = []
    for _ in range(count):
        weakest = numbers.random()
        typical = weakest + (1 - weakest) * numbers.random() / 2
        support = Support(
            weakest, typical, numbers.choice((2, 3)), numbers.choice((1, 2)), numbers.choice((1, 1, 2))
        )
        rows.append(JudgedRow("set", "text", support, numbers.random() < calibrated(support, truth)))
    return rows


def test_the_fit_finds_the_calibration_of_drawn_rows() -> None:
    """The fitted probabilities are those with which the rows were drawn, wherever the fit starts."""
    truth = Calibration((0.5, 0.6, 0.5, -0.4, 0.3, -0.2, 0.1), (0.2, 0.9, -1.0))
    rows = drawn(truth, 6000)
    for start in (None, START):
        fitted = fit_calibration(rows, start)
        off = [calibrated(row.support, fitted) - calibrated(row.support, truth) for row in rows]
        assert np.abs(off).mean() < 0.03


def test_weights_without_rows_do_not_change() -> None:
    """Rows in two languages change neither the weights of several languages nor those of one alone."""
    rows = [row for row in drawn(START, 4000) if row.support.languages == 2 and row.support.present == 2]
    fitted = fit_calibration(rows, START)
    assert fitted.alone == START.alone
    assert fitted.aligned[3:5] == pytest.approx(START.aligned[3:5])


def test_calibration_error_is_zero_where_probabilities_are_right() -> None:
    """If half of the rows with probability .5 are right, the error is 0; if none are, it is .5."""
    half = np.full(100, 0.5)
    assert calibration_error(half, np.arange(100) % 2 == 0) == pytest.approx(0, abs=1e-9)
    assert calibration_error(half, np.zeros(100, dtype=bool)) == pytest.approx(0.5)


def test_a_calibration_of_the_user_is_in_the_signature(tmp_path: Path) -> None:
    """The signature names a calibration only if the user has fitted one."""
    before = sample_alignment("embedded", ("en", "fr")).signature
    assert "calibration" not in before.parameters
    store_calibration(before.model_hash, DEFAULT)
    assert "calibration" in sample_alignment("embedded", ("en", "fr")).signature.parameters


def test_a_plain_installation_needs_neither_torch_nor_ray() -> None:
    """No package installed without an extra requires them, directly or through others."""
    needed, waiting = set(), {"hexapla"}
    while waiting:
        name = waiting.pop()
        needed.add(name)
        try:
            wanted = requires(name) or []
        except PackageNotFoundError:  # for another system or version of Python
            continue
        plain = (line for line in wanted if "extra ==" not in line)
        waiting |= {re.split(r"[^\w.-]", line)[0].lower().replace("_", "-") for line in plain} - needed
    assert {"numpy", "polars"} <= needed
    assert not {"torch", "ray", "sentence-transformers", "transformers", "scipy"} & needed
