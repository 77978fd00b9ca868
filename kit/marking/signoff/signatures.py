"""Sign a document with the key of a workspace, and check what was signed.

The key is an Ed25519 key, its public half is named as ``did:key``, and the proof is a
DataIntegrityProof of the suite ``eddsa-jcs-2022``, so other programs can check it too.
Whoever can read the workspace's key can sign: it says which workspace, not who.
"""

import json
import os
import stat
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any

from ...catalogue import say
from ...errors import CannotStart, needing
from ..records.atomic_files import sync_folder
from ..records.store import locked

with needing("sign"):
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
        PublicFormat,
        load_pem_private_key,
    )

KEY_FILE = "issuer.key"
_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_IS_ED25519 = b"\xed\x01"
_DID = "did:key:"
_SUITE = {
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-jcs-2022",
    "proofPurpose": "assertionMethod",
}


def make_key(workspace: Path) -> Ed25519PrivateKey:
    """Take the key of a workspace, and make one where there is none.

    Raises:
        CannotStart: It is there and cannot be read, or cannot be written.
    """
    found = find_key(workspace)
    if found is not None:
        return found
    key = Ed25519PrivateKey.generate()
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        workspace.mkdir(parents=True, exist_ok=True)
        _keep(workspace / KEY_FILE, text)
    except OSError as error:
        raise _no_key(workspace) from error
    kept = find_key(workspace)  # that of whoever was first
    if kept is None:
        raise _no_key(workspace)
    return kept


def _keep(path: Path, text: bytes) -> None:
    """Write a key to the disk whole or not at all, unless there is one already."""
    beside = path.with_name(f".{path.name}.{token_hex(8)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        with os.fdopen(os.open(beside, flags, 0o600), "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        _put(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    sync_folder(path.parent)


def _put(beside: Path, path: Path) -> None:
    try:
        os.link(beside, path)
    except OSError:  # there is something, or this drive knows no links
        # A new name over an old one takes away what stood there, so only one at a time
        # may look whether it stands for nothing.
        with locked(path):
            if _is_free(path):
                beside.replace(path)


def _is_free(path: Path) -> bool:
    """Whether no key is here, or only the empty file that a crash has left.

    A link is never free: its drive may be away today.
    """
    try:
        found = path.lstat()
    except FileNotFoundError:
        return True
    return stat.S_ISREG(found.st_mode) and not found.st_size


def find_key(workspace: Path) -> Ed25519PrivateKey | None:
    """Read the key of a workspace; ``None`` where it never signed anything.

    An empty file is no key.

    Raises:
        CannotStart: It is there and cannot be read.
    """
    path = workspace / KEY_FILE
    try:
        text = path.read_bytes() if path.exists() else b""
        key = load_pem_private_key(text, None) if text else None
    except (OSError, ValueError, TypeError) as error:
        raise _no_key(workspace) from error
    if key is not None and not isinstance(key, Ed25519PrivateKey):
        raise _no_key(workspace)
    return key


def _no_key(workspace: Path) -> CannotStart:
    problem = say("marking.certificate.no-key", path=workspace / KEY_FILE)
    return CannotStart(problem=problem, fix=say("marking.certificate.no-key-fix"))


def issuer_of(key: Ed25519PrivateKey) -> str:
    """Name the public half of a key, as ``did:key:z6Mk…``."""
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return _DID + "z" + _base58(_IS_ED25519 + raw)


def signed(
    document: Mapping[str, Any], key: Ed25519PrivateKey, *, at: datetime
) -> dict[str, Any]:
    """Give a document its proof."""
    issuer = issuer_of(key)
    proof = {
        **_SUITE,
        "@context": document["@context"],
        "created": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "verificationMethod": f"{issuer}#{issuer.removeprefix(_DID)}",
    }
    value = "z" + _base58(key.sign(_to_sign(document, proof)))
    return {**document, "proof": {**proof, "proofValue": value}}


def is_signed_by(document: Mapping[str, Any], issuer: str) -> bool:
    """Say whether a document is, to the letter, what an issuer has signed.

    Args:
        document: Anything that came from outside.
        issuer: Whose proof is wanted, as ``did:key:z6Mk…``.
    """
    bare = dict(document)
    proof = bare.pop("proof", None)
    if not isinstance(proof, dict):
        return False
    proof = dict(proof)
    value = proof.pop("proofValue", None)
    method = f"{issuer}#{issuer.removeprefix(_DID)}"
    wanted = {**_SUITE, "verificationMethod": method, "@context": bare.get("@context")}
    is_ours = all(proof.get(name) == each for name, each in wanted.items())
    if not isinstance(value, str) or not is_ours:
        return False
    try:
        _public(issuer).verify(_unbase58(value), _to_sign(bare, proof))
    except (InvalidSignature, ValueError):
        return False
    return True


def canonical(value: object) -> bytes:
    """Write a value as JCS does (RFC 8785): one spelling for each value.

    Only text, whole numbers, yes and no stand in what we sign; other numbers would
    need more care.
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def _to_sign(document: Mapping[str, Any], proof: Mapping[str, Any]) -> bytes:
    halves = (sha256(canonical(each)).digest() for each in (proof, document))
    return b"".join(halves)


def _public(issuer: str) -> Ed25519PublicKey:
    raw = _unbase58(issuer.removeprefix(_DID))
    if not raw.startswith(_IS_ED25519):
        raise ValueError(issuer)
    return Ed25519PublicKey.from_public_bytes(raw.removeprefix(_IS_ED25519))


def _base58(data: bytes) -> str:
    number, digits = int.from_bytes(data), ""
    while number:
        number, digit = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    zeros = len(data) - len(data.lstrip(b"\0"))
    return _ALPHABET[0] * zeros + digits


def _unbase58(text: str) -> bytes:
    """Read multibase base58btc, which begins with ``z``; any other text is refused."""
    if not text.startswith("z"):
        raise ValueError(text)
    digits = text.removeprefix("z")
    number = 0
    for digit in digits:
        number = number * len(_ALPHABET) + _ALPHABET.index(digit)
    zeros = len(digits) - len(digits.lstrip(_ALPHABET[0]))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)
