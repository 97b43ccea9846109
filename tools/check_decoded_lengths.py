#!/usr/bin/env python3
"""Makes several hundred sound files, whole ones and damaged ones, decodes them with `sentio-pipeline` and compares the lengths
with ffmpeg's. Ends with 1 where a sound came out shorter in silence, where a good file was refused, or where anything crashed.

    check_decoded_lengths.py SENTIO_PIPELINE [--keep FOLDER] [--verbose]

Needs sox (with libsox-fmt-all), lame, flac, oggenc, opusenc, ffmpeg.

Each file is a recipe (what an encoder wrote, or what was done to it afterwards) applied to one of five sounds. One pipeline
decodes them all with `on_error: skip`; lengths are those of the exported waveforms, messages those of the stage's log.
What is expected: as many samples as ffmpeg decodes, or as the recipe knows to be in the file where ffmpeg believes a header
that lies; TOLERANCE for encoder delay and padding, which ffmpeg keeps in joined files and Sentio cuts.

  equal     within the tolerance            longer   more than expected: never a fault by itself
  warned    shorter, and a sentence says so  refused  no sound, and a sentence says so
  FAULT     shorter without a word, no sound without a word, or refused although the recipe says `good`
"""
import collections
import concurrent.futures
import os
import random
import re
import struct
import subprocess
import sys
import tempfile

TOLERANCE = 0.075  # s: an MPEG-2 encoder's delay and padding, 1105 + 576 samples at 22 050 Hz
RATE = 22050


def sh(*command, input=None):
    result = subprocess.run([str(c) for c in command], input=input, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return result.stdout


# ---- pieces of files --------------------------------------------------------------------------------------------

def ogg_crc_table():
    table = []
    for i in range(256):
        crc = i << 24
        for _ in range(8):
            crc = (crc << 1 ^ 0x04C11DB7) & 0xFFFFFFFF if crc & 0x80000000 else crc << 1
        table.append(crc)
    return table


OGG_TABLE = ogg_crc_table()


def ogg_sealed(page):
    page = page[:22] + bytes(4) + page[26:]
    crc = 0
    for byte in page:
        crc = (crc << 8 & 0xFFFFFFFF) ^ OGG_TABLE[crc >> 24 ^ byte]
    return page[:22] + struct.pack("<I", crc) + page[26:]


def ogg_pages(data):
    pages, at = [], 0
    while data[at:at + 4] == b"OggS":
        count = data[at + 26]
        length = 27 + count + sum(data[at + 27:at + 27 + count])
        pages.append(data[at:at + length])
        at += length
    return pages


def ogg_page(page, flags=None, sequence=None, serial=None, granule=None):
    page = bytearray(page)
    if flags is not None:
        page[5] = flags
    if granule is not None:
        page[6:14] = struct.pack("<q", granule)
    if serial is not None:
        page[14:18] = struct.pack("<I", serial)
    if sequence is not None:
        page[18:22] = struct.pack("<I", sequence)
    return ogg_sealed(bytes(page))


def mp3_frames(data):
    """Offsets of the frames of an MPEG-1 or MPEG-2 layer III file, by their own lengths."""
    at, frames = 0, []
    if data[:3] == b"ID3":
        at = 10 + (data[6] << 21 | data[7] << 14 | data[8] << 7 | data[9])
    rates = {3: [44100, 48000, 32000], 2: [22050, 24000, 16000]}
    bits = {3: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
            2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]}
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] & 0xE0 == 0xE0:
        version = data[at + 1] >> 3 & 3
        rate, bit = rates[version][data[at + 2] >> 2 & 3], bits[version][data[at + 2] >> 4]
        frames.append(at)
        at += (144 if version == 3 else 72) * bit * 1000 // rate + (data[at + 2] >> 1 & 1)
    return frames + [min(at, len(data))]


def info_at(data):
    at = max(data.find(b"Info"), data.find(b"Xing"))
    return at


def patched(data, at, new):
    return data[:at] + new + data[at + len(new):]


def id3v2(size=500):
    return b"ID3\x04\x00\x00" + bytes([0, 0, size >> 7, size & 127]) + b"TIT2" + bytes(size - 4)


def id3v1():
    return b"TAG" + b"title".ljust(125, b" ")


def ape():
    item = struct.pack("<II", 5, 0) + b"Title\0" + b"music"
    body = item + b"APETAGEX" + struct.pack("<IIII", 2000, len(item) + 32, 1, 0xA0000000 & ~(1 << 29)) + bytes(8)
    return b"APETAGEX" + struct.pack("<IIII", 2000, len(item) + 32, 1, 0xA0000000) + bytes(8) + body


def lyrics3():
    fields = b"IND0000200" + b"LYR00011some lyrics"
    body = b"LYRICSBEGIN" + fields
    return body + b"%06d" % len(body) + b"LYRICS200" + id3v1()


def lyrics3v1():
    return b"LYRICSBEGIN" + b"la la la " * 20 + b"LYRICSEND" + id3v1()


TAGS = {"id3v1": id3v1, "ape": ape, "ape-id3v1": lambda: ape() + id3v1(), "lyrics3": lyrics3, "lyrics3v1": lyrics3v1}


def garbage(count, seed=1):
    return random.Random(seed).randbytes(count)


def chunk(data, name, start=12, little=True):
    """Offset of a chunk of WAV or AIFF."""
    at = start
    while at + 8 <= len(data):
        size = struct.unpack("<I" if little else ">I", data[at + 4:at + 8])[0]
        if data[at:at + 4] == name:
            return at, size
        at += 8 + size + size % 2
    return None


def caf_data(data):
    at = 8
    while at + 12 <= len(data):
        size = struct.unpack(">q", data[at + 4:at + 12])[0]
        if data[at:at + 4] == b"data":
            return at, size
        at += 12 + size
    return None


# ---- recipes ----------------------------------------------------------------------------------------------------

class Sound:
    """One sound, written by every encoder."""

    def __init__(self, folder, seconds, rate, channels):
        self.seconds, self.rate, self.channels = seconds, rate, channels
        self.folder = folder
        self.wav_path = os.path.join(folder, "sound.wav")
        synth = ["synth", str(seconds), "sine", "300-3000"] + (["sine", "500"] if channels == 2 else []) + ["gain", "-6"]
        sh("sox", "-D", "-n", "-r", rate, "-c", channels, "-b", 16, self.wav_path, *synth)

    def made(self, name, *command):
        path = os.path.join(self.folder, name)
        if not os.path.exists(path):
            sh(*[path if c == "OUT" else self.wav_path if c == "IN" else c for c in command])
        with open(path, "rb") as f:
            return f.read()

    def sox(self, name, *options):
        return self.made(name, "sox", "-D", "IN", *options, "OUT")

    def ffmpeg(self, name, *options):
        return self.made(name, "ffmpeg", "-v", "error", "-y", "-i", "IN", *options, "OUT")

    def lame(self, name, *options):
        return self.made(name, "lame", "--quiet", *options, "IN", "OUT")


def recipes(s, other):
    """(name, extension, bytes, good, seconds or None): `good` files must be read; `seconds` is what the file is known to hold."""
    T = s.seconds
    rate = ["--resample", f"{s.rate / 1000:g}"]  # lame chooses another by itself
    cbr, vbr, bare = s.lame("a.mp3", "-b", 64, *rate), s.lame("v.mp3", "-V", 2, *rate), s.lame("b.mp3", "-t", "-b", 64, *rate)
    mono = s.lame("m.mp3", "-t", "-b", 64, "-m", "m", *rate)
    flac = s.made("a.flac", "flac", "-s", "-f", "-o", "OUT", "IN")
    vorbis = s.made("a.ogg", "oggenc", "-Q", "-o", "OUT", "IN")
    opus = s.made("a.opus", "opusenc", "--quiet", "IN", "OUT")
    oggflac = s.ffmpeg("a.oga", "-c:a", "flac", "-f", "ogg")
    wav, aiff, au, caf = s.sox("b.wav"), s.sox("a.aiff"), s.sox("a.au"), s.sox("a.caf")
    made = []

    def add(name, extension, data, good=False, seconds=None):
        made.append((name, extension, data, good, seconds))

    # what encoders write
    add("mp3-cbr", "mp3", cbr, True, T)
    add("mp3-vbr", "mp3", vbr, True, T)
    add("mp3-abr", "mp3", s.lame("abr.mp3", "--abr", 96), True, T)
    add("mp3-bare", "mp3", bare, True)
    add("mp3-ffmpeg", "mp3", s.ffmpeg("f.mp3", "-c:a", "libmp3lame", "-q:a", 5), True, T)
    add("mp3-free-format", "mp3", s.lame("ff.mp3", "--freeformat", "-b", 200 if s.rate > 24000 else 100), True, T)
    add("mp2", "mp3", s.ffmpeg("a.mp2", "-c:a", "mp2", "-b:a", "128k"), True)
    for level in (0, 8):
        add(f"flac-{level}", "flac", s.made(f"{level}.flac", "flac", "-s", "-f", f"-{level}", "-o", "OUT", "IN"), True, T)
    add("flac-ffmpeg", "flac", s.ffmpeg("f.flac", "-c:a", "flac"), True, T)
    add("vorbis", "ogg", vorbis, True, T)
    add("vorbis-ffmpeg", "ogg", s.ffmpeg("f.ogg", "-c:a", "libvorbis"), True, T)
    add("opus", "opus", opus, True, T)
    add("opus-60ms", "opus", s.made("60.opus", "opusenc", "--quiet", "--framesize", 60, "IN", "OUT"), True, T)
    add("opus-ffmpeg", "opus", s.ffmpeg("f.opus", "-c:a", "libopus", "-ar", "48000"), True, T)
    add("ogg-flac", "oga", oggflac, True, T)
    add("ogg-flac-encoder", "oga", s.made("g.oga", "flac", "-s", "-f", "--ogg", "-o", "OUT", "IN"), True, T)
    for name, codec in {"u8": "pcm_u8", "s24": "pcm_s24le", "f32": "pcm_f32le", "f64": "pcm_f64le", "alaw": "pcm_alaw",
                        "ulaw": "pcm_mulaw", "ima": "adpcm_ima_wav", "ms": "adpcm_ms"}.items():
        add(f"wav-{name}", "wav", s.ffmpeg(f"{name}.wav", "-c:a", codec), True, T)
    add("wav-rf64", "wav", s.ffmpeg("rf64.wav", "-rf64", "always"), True, T)
    for name, codec in {"s24": "pcm_s24be", "f32": "pcm_f32be", "sowt": "pcm_s16le", "alaw": "pcm_alaw"}.items():
        add(f"aifc-{name}", "aiff", s.ffmpeg(f"{name}.aiff", "-c:a", codec, "-f", "aiff"), True, T)
    for name, codec in {"s24": "pcm_s24be", "ulaw": "pcm_mulaw", "f32": "pcm_f32be"}.items():
        add(f"au-{name}", "au", s.ffmpeg(f"{name}.au", "-c:a", codec), True, T)
    add("caf-ffmpeg", "caf", s.ffmpeg("f.caf", "-c:a", "pcm_s16be"), True, T)
    add("aiff", "aiff", aiff, True, T)
    add("caf", "caf", caf, True, T)

    # tags behind the last frame, in every format
    for tag, make in TAGS.items():
        for name, extension, data in [("mp3", "mp3", cbr), ("mp3-bare", "mp3", bare), ("flac", "flac", flac), ("vorbis", "ogg", vorbis),
                                      ("opus", "opus", opus), ("wav", "wav", wav), ("aiff", "aiff", aiff), ("au", "au", au),
                                      ("caf", "caf", caf), ("ogg-flac", "oga", oggflac)]:
            add(f"{name}+{tag}", extension, data + make(), True, None if name == "mp3-bare" else T)
    for name, extension, data in [("mp3", "mp3", cbr), ("flac", "flac", flac), ("wav", "wav", wav)]:
        add(f"id3v2+{name}", extension, id3v2() + data, True, T)

    # MP3: counts and joins
    frames = mp3_frames(cbr)
    info = info_at(cbr)
    count = struct.unpack(">I", cbr[info + 8:info + 12])[0]
    for name, new in {"half": count // 2, "one": 1, "less-one": count - 1, "zero": 0}.items():
        add(f"mp3-count-{name}", "mp3", patched(cbr, info + 8, struct.pack(">I", new)), True, T)
    for name, new in {"double": 2 * count, "plus-10": count + 10, "ones": 0xFFFFFFFF, "plus-1": count + 1}.items():
        add(f"mp3-count-{name}", "mp3", patched(cbr, info + 8, struct.pack(">I", new)), seconds=T)
    add("mp3-count-absent", "mp3", patched(cbr, info + 4, struct.pack(">I", 0)), True)
    add("mp3-joined", "mp3", cbr + cbr, True, 2 * T)
    add("mp3-joined-vbr", "mp3", vbr + cbr, True, 2 * T)
    add("mp3-joined-bare", "mp3", bare + bare, True, 2 * T)
    add("mp3-joined-info-bare", "mp3", cbr + bare, True, 2 * T)
    add("mp3-joined-id3", "mp3", id3v2() + cbr + id3v1() + id3v2() + cbr + id3v1(), True, 2 * T)
    add("mp3-joined-ape", "mp3", cbr + ape() + vbr + ape(), True, 2 * T)
    add("mp3-joined-three", "mp3", cbr + vbr + bare, True, 3 * T)
    # Names of their own: what an encoder wrote is kept by its name, and these were made without `rate`.
    add("mp3-joined-other-rate", "mp3", cbr + other.lame("r.mp3", "-b", 64), seconds=T + other.seconds)
    add("mp3-bare-other-rate", "mp3", bare + other.lame("s.mp3", "-t", "-b", 64), seconds=T + other.seconds)
    if s.channels == 2:
        add("mp3-bare-mono", "mp3", bare + mono, seconds=2 * T)
        add("mp3-joined-mono", "mp3", cbr + mono, seconds=2 * T)
    vbri = bytearray(bare[mp3_frames(bare)[0]:mp3_frames(bare)[1]])
    vbri[4:] = bytes(len(vbri) - 4)
    bare_frames = mp3_frames(bare)
    for name, number in {"right": len(bare_frames) - 1, "half": len(bare_frames) // 2, "zero": 0}.items():
        head = bytearray(vbri)
        if len(head) >= 60:
            head[36:54] = b"VBRI" + struct.pack(">HHHII", 1, 0, 0, len(bare) + len(head), number)
            add(f"mp3-vbri-{name}", "mp3", bytes(head) + bare, True, T)
    middle, bare_middle = frames[len(frames) // 2], bare_frames[len(bare_frames) // 2]
    for size in (300, 1500, 30000):
        add(f"mp3-garbage-{size}", "mp3", cbr[:middle] + garbage(size) + cbr[middle:], seconds=T)
        add(f"mp3-bare-garbage-{size}", "mp3", bare[:bare_middle] + garbage(size) + bare[bare_middle:], seconds=T)
        add(f"mp3-overwritten-{size}", "mp3", patched(cbr, middle, garbage(min(size, len(cbr) - middle - 1500))), seconds=T)
        add(f"mp3-bare-overwritten-{size}", "mp3", patched(bare, bare_middle, garbage(min(size, len(bare) - bare_middle - 1500))), seconds=T)
    add("mp3-zeros-inside", "mp3", cbr[:middle] + bytes(5000) + cbr[middle:], seconds=T)
    add("mp3-frame-removed", "mp3", cbr[:middle] + cbr[frames[len(frames) // 2 + 1]:], seconds=T)
    add("mp3-bytes-removed", "mp3", bare[:bare_middle + 50] + bare[bare_middle + 350:], seconds=T)
    for part in (2, 3):
        add(f"mp3-cut-{part}", "mp3", cbr[:len(cbr) * part // 4], seconds=T)
    add("mp3-cut-at-frame", "mp3", cbr[:middle], seconds=T)
    add("mp3-last-frame-gone", "mp3", cbr[:frames[-2]], seconds=T)
    add("mp3-bare-cut-frame", "mp3", bare[:bare_middle + 100])
    add("mp3-zeros-behind", "mp3", cbr + bytes(3000), True, T)
    add("mp3-bare-garbage-behind", "mp3", bare + garbage(5000))
    add("mp3-garbage-before", "mp3", garbage(3000) + bare)
    add("mp3-bit-flipped-header", "mp3", patched(bare, bare_middle + 1, bytes([bare[bare_middle + 1] ^ 0x80])), seconds=T)

    # FLAC
    total = int.from_bytes(flac[18:26], "big")
    for name, new in {"half": (total & 0xFFFFFFFFF) // 2, "zero": 0, "one": 1}.items():
        add(f"flac-total-{name}", "flac", patched(flac, 18, (total & ~0xFFFFFFFFF | new).to_bytes(8, "big")), True, T)
    for name, new in {"double": 2 * (total & 0xFFFFFFFFF), "ones": 0xFFFFFFFFF, "plus-1": (total & 0xFFFFFFFFF) + 1}.items():
        add(f"flac-total-{name}", "flac", patched(flac, 18, (total & ~0xFFFFFFFFF | new).to_bytes(8, "big")), seconds=T)
    zero = patched(flac, 18, (total & ~0xFFFFFFFFF).to_bytes(8, "big"))
    for part in (2, 3, 5):
        add(f"flac-cut-{part}", "flac", flac[:len(flac) * part // 6], seconds=T)
        add(f"flac-cut-{part}-total-0", "flac", zero[:len(flac) * part // 6])
        at = len(flac) * part // 6
        add(f"flac-bit-{part}", "flac", patched(flac, at, bytes([flac[at] ^ 8])), seconds=T)
        add(f"flac-garbage-{part}", "flac", zero[:at] + garbage(4000) + zero[at:], seconds=T)
        add(f"flac-removed-{part}", "flac", zero[:at] + zero[at + 6000:])
    add("flac-joined", "flac", flac + flac, seconds=2 * T)
    add("flac-zeros-behind", "flac", flac + bytes(2000), True, T)
    add("flac-garbage-behind", "flac", flac + garbage(2000), seconds=T)

    # Ogg
    for name, extension, data in [("vorbis", "ogg", vorbis), ("opus", "opus", opus), ("ogg-flac", "oga", oggflac)]:
        pages = ogg_pages(data)
        add(f"{name}-chained", extension, data + b"".join(ogg_page(p, serial=77) for p in pages), True, 2 * T)
        add(f"{name}-chained-same-serial", extension, data + data, True, 2 * T)
        add(f"{name}-chained-three", extension, data * 3, True, 3 * T)
        add(f"{name}-no-end-mark", extension, b"".join(pages[:-1]) + ogg_page(pages[-1], flags=pages[-1][5] & ~4), True, T)
        hole = max(3, len(pages) // 2)
        if hole < len(pages) - 1:
            add(f"{name}-page-removed", extension, b"".join(pages[:hole] + pages[hole + 1:]), seconds=T)
            renumbered = pages[:hole] + [ogg_page(p, sequence=hole + i) for i, p in enumerate(pages[hole + 1:])]
            add(f"{name}-page-removed-renumbered", extension, b"".join(renumbered), seconds=T)
            add(f"{name}-pages-swapped", extension, b"".join(pages[:hole] + [pages[hole + 1], pages[hole]] + pages[hole + 2:]), seconds=T)
            add(f"{name}-cut-between-pages", extension, b"".join(pages[:hole]), seconds=T)
        last = len(data) - len(pages[-1])
        add(f"{name}-cut-in-page", extension, data[:last + len(pages[-1]) // 2], seconds=T)
        add(f"{name}-bit-flipped", extension, patched(data, last + len(pages[-1]) // 2, bytes([data[last + len(pages[-1]) // 2] ^ 1])), seconds=T)
        add(f"{name}-garbage-between", extension, b"".join(pages[:-1]) + garbage(3000) + pages[-1], seconds=T)
        add(f"{name}-garbage-behind", extension, data + garbage(3000), seconds=T)
    add("ogg-vorbis-then-opus", "ogg", vorbis + opus, seconds=2 * T)
    add("ogg-vorbis-other-rate", "ogg", vorbis + other.made("a.ogg", "oggenc", "-Q", "-o", "OUT", "IN"), seconds=T + other.seconds)
    both = [ogg_pages(vorbis), [ogg_page(p, serial=99) for p in ogg_pages(opus)]]
    add("ogg-two-sounds", "ogg", both[0][0] + both[1][0] + b"".join(both[0][1:] + both[1][1:]), seconds=T)
    add("ogg-theora", "ogg", s.made("t.ogv", "ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", f"testsrc=d={T}:s=64x48:r=10", "-i", "IN",
                                  "-c:v", "libtheora", "-c:a", "libvorbis", "-f", "ogg", "OUT"), seconds=T)

    # sizes of WAV, RF64, AIFF, AU, CAF
    at, size = chunk(wav, b"data")
    width = 2 * s.channels
    for name, new in {"zero": 0, "ones": 0xFFFFFFFF, "7ffff000": 0x7FFFF000, "7ffff024": 0x7FFFF024, "80000000": 0x80000000,
                      "fffff000": 0xFFFFF000}.items():
        add(f"wav-size-{name}", "wav", patched(patched(wav, at + 4, struct.pack("<I", new)), 4, struct.pack("<I", new)), True, T)
    for name, new in {"less-half": size // 2 // width * width, "double": 2 * size, "plus-36": size + 36, "plus-1": size + 1,
                      "plus-percent": size + size // 110}.items():
        add(f"wav-size-{name}", "wav", patched(wav, at + 4, struct.pack("<I", new)), name == "plus-1", T)
    listed = b"LIST" + struct.pack("<I", 26) + b"INFOINAM" + struct.pack("<I", 14) + b"a song's name\0"
    add("wav-list-behind", "wav", wav + listed, True, T)
    add("wav-list-before", "wav", wav[:at] + listed + wav[at:], True, T)
    add("wav-size-zero-id3v1", "wav", patched(wav, at + 4, bytes(4)) + id3v1(), True, T)
    add("wav-two-data", "wav", wav + wav[at:], True, 2 * T)
    add("wav-data-list-data", "wav", wav + listed + wav[at:], True, 2 * T)
    add("wav-riff-size-zero", "wav", patched(wav, 4, bytes(4)), True, T)
    add("wav-zeros-behind", "wav", wav + bytes(500), True, T)
    add("wav-more-behind", "wav", wav + garbage(20000), seconds=T)
    add("wav-cut", "wav", wav[:len(wav) * 2 // 3], seconds=T)
    mono8 = s.made("8.wav", "sox", "-D", "IN", "-b", 8, "-c", 1, "-e", "unsigned", "OUT", "trim", 0, f"{int(1.5 * s.rate) | 1}s")
    add("wav-odd-list", "wav", mono8[:44 + (int(1.5 * s.rate) | 1)] + b"\0" + listed, True, 1.5)
    add("wav-odd-list-unpadded", "wav", mono8[:44 + (int(1.5 * s.rate) | 1)] + listed, True, 1.5)
    piped = sh("ffmpeg", "-v", "error", "-i", s.wav_path, "-rf64", "always", "-f", "wav", "-")
    add("rf64-pipe", "wav", piped, True, T)
    add("wav-pipe", "wav", sh("ffmpeg", "-v", "error", "-i", s.wav_path, "-f", "wav", "-"), True, T)
    add("wav-sox-pipe", "wav", sh("sox", s.wav_path, "-t", "wav", "-"), True, T)
    add("au-sox-pipe", "au", sh("sox", s.wav_path, "-t", "au", "-"), True, T)
    add("flac-pipe", "flac", sh("flac", "-s", "-c", "-", input=wav), True, T)
    rf = s.ffmpeg("rf64.wav", "-rf64", "always")
    sizes, _ = chunk(rf, b"ds64")
    for name, new in {"zero": 0, "ones": 0xFFFFFFFFFFFFFFFF}.items():
        add(f"rf64-size-{name}", "wav", patched(rf, sizes + 16, struct.pack("<Q", new)), True, T)
    add("rf64-size-double", "wav", patched(rf, sizes + 16, struct.pack("<Q", 2 * size)), seconds=T)
    add("bw64", "wav", b"BW64" + rf[4:], True, T)
    at, size = chunk(aiff, b"SSND", little=False)
    common, _ = chunk(aiff, b"COMM", little=False)
    for name, new in {"zero": 0, "eight": 8, "ones": 0xFFFFFFFF, "7ffff000": 0x7FFFF000}.items():
        add(f"aiff-size-{name}", "aiff", patched(aiff, at + 4, struct.pack(">I", new)), True, T)
        both = patched(patched(aiff, at + 4, struct.pack(">I", new)), common + 10, struct.pack(">I", new))
        add(f"aiff-size-frames-{name}", "aiff", both, True, T)
    for name, new in {"half": size // 2 // 4 * 4, "double": 2 * size}.items():
        add(f"aiff-size-{name}", "aiff", patched(aiff, at + 4, struct.pack(">I", new)), seconds=T)
    for name, factor in {"half": 0.5, "double": 2}.items():
        new = struct.pack(">I", int(struct.unpack(">I", aiff[common + 10:common + 14])[0] * factor))
        add(f"aiff-frames-{name}", "aiff", patched(aiff, common + 10, new), seconds=T)
    moved = aiff[:at + 4] + struct.pack(">III", size + 100, 100, 0) + bytes(100) + aiff[at + 16:]
    add("aiff-offset", "aiff", moved, True, T)
    add("aiff-offset-beyond", "aiff", patched(aiff, at + 8, struct.pack(">I", 1 << 30)))
    add("aiff-cut", "aiff", aiff[:len(aiff) // 2], seconds=T)
    add("aiff-chunk-behind", "aiff", aiff + b"NAME\0\0\0\4song", True, T)
    size = struct.unpack(">I", au[8:12])[0]
    for name, new in {"zero": 0, "ones": 0xFFFFFFFF}.items():
        add(f"au-size-{name}", "au", patched(au, 8, struct.pack(">I", new)), True, T)
    for name, new in {"half": size // 2 // 4 * 4, "double": 2 * size}.items():
        add(f"au-size-{name}", "au", patched(au, 8, struct.pack(">I", new)), seconds=T)
    add("au-header-beyond", "au", patched(au, 4, struct.pack(">I", 1 << 30)))
    add("au-cut", "au", au[:len(au) // 2], seconds=T)
    at, size = caf_data(caf)
    for name, new in {"minus-1": -1, "zero": 0, "four": 4}.items():
        add(f"caf-size-{name}", "caf", patched(caf, at + 4, struct.pack(">q", new)), True, T)
    for name, new in {"half": (size - 4) // 2 // 4 * 4 + 4, "double": 2 * size}.items():
        add(f"caf-size-{name}", "caf", patched(caf, at + 4, struct.pack(">q", new)), seconds=T)
    add("caf-cut", "caf", caf[:len(caf) // 2], seconds=T)

    # no sound at all
    add("empty", "mp3", b"")
    add("only-id3v2", "mp3", id3v2())
    add("only-id3v1", "mp3", id3v1())
    add("only-ape", "mp3", ape())
    add("wav-no-samples", "wav", patched(wav[:44], 40, bytes(4)))
    return made


# ---- running and judging -----------------------------------------------------------------------------------------

def ffmpeg_seconds(path):
    """What ffmpeg decodes of the first stream of sound, in seconds; 0 where it decodes nothing."""
    data = sh("ffmpeg", "-v", "quiet", "-i", path, "-map", "a:0", "-f", "s16le", "-ac", "1", "-ar", RATE, "-")
    return len(data) / 2 / RATE


def npy_length(path):
    with open(path, "rb") as f:
        return int(re.search(rb"\((\d+),", f.read(128)).group(1))


def main():
    binary, keep, verbose = os.path.abspath(sys.argv[1]), None, "--verbose" in sys.argv
    if "--keep" in sys.argv:
        keep = sys.argv[sys.argv.index("--keep") + 1]
    with tempfile.TemporaryDirectory() as scratch:
        work = keep or os.path.join(scratch, "work")
        audio = os.path.join(work, "data", "audio")
        os.makedirs(audio, exist_ok=True)
        sounds = []
        for index, (seconds, rate, channels) in enumerate([(3, 44100, 2), (2.5, 22050, 1), (3.3, 48000, 2)]):
            folder = os.path.join(scratch, f"sound{index}")
            os.makedirs(folder)
            sounds.append(Sound(folder, seconds, rate, channels))
        cases = {}
        for index, sound in enumerate(sounds):
            for name, extension, data, good, seconds in recipes(sound, sounds[(index + 1) % len(sounds)]):
                song = f"{name.replace('+', '_plus_')}.{index}".replace(".", "-")
                path = os.path.join(audio, f"{song}.{extension}")
                with open(path, "wb") as f:
                    f.write(data)
                cases[song] = (name, path, good, seconds)
        with open(os.path.join(work, "data", "annotations.csv"), "w") as f:
            f.write("song_id,valence_mean,arousal_mean\n" + "".join(f"{song},5,5\n" for song in cases))
        with open(os.path.join(work, "p.yaml"), "w") as f:
            f.write("pipeline: lengths\nstages:\n  songs: { uses: song-dataset, with: { source: data } }\n"
                    f"  waves: {{ uses: decode, in: {{ audio: songs.audio }}, with: {{ sample_rate: {RATE} }}, on_error: skip }}\n")
        environment = dict(os.environ, SENTIO_ARTIFACTS=os.path.join(work, "artifacts"))
        run = subprocess.run([binary, "run", "p.yaml"], cwd=work, env=environment, capture_output=True, text=True)
        if run.returncode not in (0, 1):
            sys.exit(f"sentio-pipeline ended with {run.returncode}:\n{run.stderr[-3000:]}")
        exported = os.path.join(work, "exported")
        subprocess.run([binary, "artifacts", "export", "waves", "--to", exported], cwd=work, env=environment, capture_output=True)
        log = os.path.join(environment["SENTIO_ARTIFACTS"], "runs", "latest", "waves", "log.txt")
        said = collections.defaultdict(list)
        text = (open(log).read() if os.path.exists(log) else "") + run.stderr
        for line in text.split("\n"):
            for song, sentence in re.findall(r"(?:^|\s)([\w-]+): ([A-Z0-9].+)$", line):
                if song in cases:
                    said[song].append(sentence)
            several = re.search(r"\d+ songs: (.+) \(([\w, -]+?)(?: and \d+ more)?\)$", line)
            for song in several.group(2).split(", ") if several else []:
                said[song].append(several.group(1))

        # a header that lies deceives ffmpeg too, so damaged files of known length are not asked for
        asked = [path for _, path, good, known in cases.values() if good or known is None or verbose]
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            decoded = dict(zip(asked, pool.map(ffmpeg_seconds, asked)))
        verdicts, faults = collections.defaultdict(collections.Counter), []
        for song, (name, path, good, known) in cases.items():
            by_ffmpeg = decoded.get(path)
            # Where the recipe knows how much sound the file holds, that is what must be heard, at least.
            expected = known if known is not None else by_ffmpeg or 0
            waveform = os.path.join(exported, f"{song}.npy")
            got = npy_length(waveform) / RATE if os.path.exists(waveform) else None
            # ffmpeg keeps delay and padding of every joined file
            joined = 3 if "three" in name else 2 if "joined" in name else 1
            if got is None:
                verdict = "refused" if said[song] and not good else "FAULT"
            elif got < expected - TOLERANCE or good and got < (by_ffmpeg or 0) - 2 * TOLERANCE * joined:
                verdict = "warned" if said[song] and not good else "FAULT"
            elif got > expected + 2 * TOLERANCE * joined:
                verdict = "longer"
            else:
                verdict = "equal"
            verdicts[name][verdict] += 1
            length = "refused" if got is None else f"{got:.3f} s"
            line = f"{song}: {verdict}, {length}, known {known}, ffmpeg {by_ffmpeg and round(by_ffmpeg, 3)}  {' | '.join(said[song][:1])}"
            if verdict == "FAULT":
                faults.append(line)
            if verbose:
                print(line)
        total = collections.Counter()
        for name in verdicts:
            total += verdicts[name]
            print(f"{name:32} {', '.join(f'{count} {verdict}' for verdict, count in sorted(verdicts[name].items()))}")
        print(f"\n{len(cases)} files of {len(verdicts)} recipes: {', '.join(f'{n} {v}' for v, n in sorted(total.items()))}")
        for line in faults:
            print("FAULT", line)
        sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
