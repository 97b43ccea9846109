#!/usr/bin/env python3
"""Direction numbers of the Sobol sequence for SentioSweep, and SciPy's points for its test.

usage: make_sobol_table.py Sources/SentioSweep/SobolDirections.swift Tests/SentioSweepTests/SobolPoints.swift

The numbers are Joe and Kuo's (new-joe-kuo-6.21201, SIAM J. Sci. Comput. 30, 2008), as SciPy carries them.
"""
import os
import sys

import numpy as np
import scipy
from scipy.stats import qmc

DIMENSIONS = 40
data = np.load(os.path.join(os.path.dirname(scipy.stats.__file__), "_sobol_direction_numbers.npz"))
rows = []
for polynomial, start in zip(data["poly"][:DIMENSIONS], data["vinit"][:DIMENSIONS]):
    degree = int(polynomial).bit_length() - 1
    rows.append(f"        ({polynomial}, [{', '.join(str(int(m)) for m in start[:degree])}]),")
rows[0] = "        (1, []),"
with open(sys.argv[1], "w") as out:
    out.write("""/// Where the Sobol sequence starts in each dimension: a primitive polynomial over the field of two elements, its bits from
/// the highest power down, and the first direction numbers.
///
/// Joe and Kuo's (new-joe-kuo-6.21201, 2008), chosen for good two-dimensional projections. Written by
/// tools/make_sobol_table.py.
enum SobolDirections {
    static let table: [(polynomial: UInt32, start: [UInt32])] = [
""" + "\n".join(rows) + "\n    ]\n}\n")

points = qmc.Sobol(DIMENSIONS, scramble=False).random(64)
far = qmc.Sobol(DIMENSIONS, scramble=False).fast_forward(1000).random(1)[0]
lines = ["        \"" + "".join(f"{int(value * 64):02x}" for value in points[:, column]) + "\"," for column in range(DIMENSIONS)]
with open(sys.argv[2], "w") as out:
    out.write(f"""/// Points of SciPy {scipy.__version__}'s unscrambled Sobol sequence. Written by tools/make_sobol_table.py.
enum SobolPoints {{
    /// A line per dimension: its first 64 points in 64ths, two hexadecimal digits each.
    static let first = [
""" + "\n".join(lines) + "\n    ]\n\n    /// Point 1000, by dimension.\n    static let thousandth: [Double] = [\n"
    + "\n".join("        " + ", ".join(repr(float(value)) for value in far[i:i + 5]) + "," for i in range(0, DIMENSIONS, 5)) + "\n    ]\n}\n")
