"""A process that makes renditions with Pillow or ImageMagick, and prints what that takes as JSON: see child.ts.

usage: peer.py NAME ORIGINAL FOLDER EDGES RUNS, where NAME is Pillow or ImageMagick's program.
"""
import json
import os
import resource
import statistics
import subprocess
import sys
import time

name, original, folder, edges, runs = sys.argv[1:]
edges = [int(edge) for edge in edges.split(",")]
who = resource.RUSAGE_SELF if name == "Pillow" else resource.RUSAGE_CHILDREN


def pillow():
    from PIL import Image, ImageOps

    for edge in edges:
        with Image.open(original) as image:
            image.thumbnail((edge, edge), Image.Resampling.LANCZOS)
            ImageOps.exif_transpose(image).convert("RGB").save(f"{folder}/{edge}.jpg", quality=80)


def imagemagick():
    sizes = []
    for edge in edges:
        made = f"{folder}/{edge}.jpg"
        sizes += ["(", "+clone", "-resize", f"{edge}x{edge}>", "-write", made, "+delete", ")"]
    command = [name, original, "-auto-orient", "-quality", "80", *sizes, "null:"]
    subprocess.run(command, check=True, capture_output=True, text=True)


def cpu():
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def peak():
    if name == "Pillow" and os.path.exists("/proc/self/status"):
        # On Linux the other figure begins with the peak of the process that forked this one.
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024  # of ru_maxrss
    return resource.getrusage(who).ru_maxrss / unit


idle = peak()
make = pillow if name == "Pillow" else imagemagick
samples = []
try:
    for _ in range(int(runs) + 1):
        start, before = time.perf_counter(), cpu()
        make()
        samples.append((cpu() - before, time.perf_counter() - start))
    cpus, walls = zip(*samples[1:])
    taken = {
        "cpuMs": statistics.median(cpus) * 1000,
        "wallMs": statistics.median(walls) * 1000,
        "overIdleMiB": peak() - idle,
    }
except subprocess.CalledProcessError as error:
    taken = {"cannot": error.stderr.strip().split("\n")[0].replace(os.path.dirname(original) + "/", "")}
except Exception as error:
    taken = {"cannot": str(error)}
print(json.dumps(taken))
