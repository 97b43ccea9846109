#!/usr/bin/env python3
"""Computes the pinned keys of Tests/SentioKitTests/HashingTests.swift from the description at the top of Hashing.swift."""
import hashlib, struct

SCHEMA = 1
u64 = lambda n: struct.pack(">Q", n & (2**64 - 1))
sha = lambda b: hashlib.sha256(b).digest()

def enc(v):
    if v is None: return b"n"
    if v is True: return b"t"
    if v is False: return b"f"
    if isinstance(v, float) and v == int(v): v = int(v)
    if isinstance(v, int): return b"i" + u64(v)
    if isinstance(v, float): return b"d" + struct.pack(">d", v)
    if isinstance(v, str): return b"s" + u64(len(v.encode())) + v.encode()
    if isinstance(v, bytes): return b"b" + u64(len(v)) + v
    if isinstance(v, list): return b"l" + u64(len(v)) + b"".join(map(enc, v))
    if isinstance(v, dict): return b"m" + u64(len(v)) + b"".join(enc(k) + enc(v[k]) for k in sorted(v, key=str.encode))

head = lambda record: enc(record) + enc(SCHEMA)
parts = b"".join(map(enc, ["mel-extract", 1, {"n_mels": 128, "fmin": 20.0, "window": "hann", "list": [1, None, True]},
                           {"waveforms": sha(b"waves")}, {}, None]))
print("stage key ", sha(head("stage") + parts).hex())
prefix = sha(head("items") + parts)
item = lambda seeded: sha(head("item") + enc(prefix) + enc([sha(b"item")]) + enc(seeded)).hex()
print("item key  ", item(None))
print("seeded key", item("3"))
print("sources   ", sha(head("sources") + b"l" + u64(2) + b"".join(enc(n) + enc(sha(c)) for n, c in (("a", b"1"), ("b", b"2")))).hex())
print("seed      ", int.from_bytes(sha(head("seed") + enc(42) + enc("split") + enc(None) + enc(0))[:8], "big"))
