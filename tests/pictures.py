"""Pictures of pages, compared as coarsely as fonts need: each machine draws letters in its own way, but not areas."""

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops

CELL = 16  # pixels: about the height of a letter
LEVELS = 4  # of 255: what a cell may differ. The ground of the sidebar is 9 levels off that of the page


def reduced(png: bytes) -> Image.Image:
    """The mean colour of each cell."""
    image = Image.open(BytesIO(png)).convert("RGB")
    return image.resize((image.width // CELL, image.height // CELL), Image.Resampling.BOX)


def difference(one: Image.Image, other: Image.Image) -> float:
    """The share of the cells that have another colour, from 0 to 1."""
    if one.size != other.size:
        return 1
    channels = ImageChops.difference(one, other).split()
    most = ImageChops.lighter(ImageChops.lighter(channels[0], channels[1]), channels[2])
    return sum(most.histogram()[LEVELS + 1 :]) / (one.width * one.height)


def kept(file: Path) -> Image.Image:
    return Image.open(file).convert("RGB")
