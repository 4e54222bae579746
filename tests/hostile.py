"""Files that are made to break a reader: `MAKERS[name](path)` writes one."""

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
from conftest import reportlab_letter
from pdfs import raw_pdf, shown
from pikepdf import Array, Dictionary, Name
from PIL import Image

Maker = Callable[[Path], object]
TEXT = shown("Le patient va bien.", 50, 700)


def _letter_bytes(path: Path) -> bytes:
    return reportlab_letter(path, pages=3).read_bytes()


def truncated(path: Path) -> None:
    data = _letter_bytes(path)
    path.write_bytes(data[: int(len(data) * 0.6)])


def zero_bytes(path: Path) -> None:
    path.write_bytes(b"")


def renamed(path: Path) -> None:
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(2000))


def encrypted(path: Path) -> None:
    raw_pdf(path, TEXT)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="o", user="u"))


def empty_password(path: Path) -> None:
    raw_pdf(path, TEXT)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="o", user=""))


def cyclic_page_tree(path: Path) -> None:
    raw_pdf(path, TEXT)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        tree = pdf.Root.Pages
        tree.Kids.append(tree)
        tree.Count = 1000
        pdf.save(path)


def xref_loop(path: Path) -> None:
    raw_pdf(path, TEXT)
    data = path.read_bytes().rstrip()
    at = int(data.rsplit(b"startxref", 1)[1].split()[0])
    path.write_bytes(
        data.replace(b"trailer <<", b"trailer << /Prev %d" % at).replace(
            b"trailer\n<<", b"trailer\n<< /Prev %d" % at
        )
    )


def _with_content(path: Path, stream: bytes, filters: list[str]) -> None:
    raw_pdf(path, TEXT)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        content = pikepdf.Stream(pdf, stream)
        content.Filter = Array([Name(f"/{name}") for name in filters])
        pdf.pages[0].obj.Contents = pdf.make_indirect(content)
        pdf.save(path, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def flate_bomb(path: Path) -> None:
    """A page whose content is two gigabytes of blanks behind two filters."""
    squeezer = zlib.compressobj(9)
    blank = b" " * (1 << 24)
    once = b"".join(squeezer.compress(blank) for _ in range(128)) + squeezer.flush()
    _with_content(path, zlib.compress(once, 9), ["FlateDecode", "FlateDecode"])


def operator_bomb(path: Path) -> None:
    """A page with ten million operators."""
    squeezer = zlib.compressobj(9)
    part = b"q Q 1 0 0 1 0 0 cm " * 50_000
    _with_content(
        path,
        b"".join(squeezer.compress(part) for _ in range(100)) + squeezer.flush(),
        ["FlateDecode"],
    )


def _with_image(path: Path, data: bytes, filter_name: str, size: int) -> None:
    raw_pdf(path, TEXT + "q 500 0 0 500 20 50 cm /I1 Do Q\n")
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        image = pikepdf.Stream(pdf, data)
        image.Type, image.Subtype, image.Filter = Name.XObject, Name.Image, Name(f"/{filter_name}")
        image.Width = image.Height = size
        image.ColorSpace, image.BitsPerComponent = (
            Name.DeviceGray,
            8 if filter_name != "JBIG2Decode" else 1,
        )
        pdf.pages[0].Resources.XObject = Dictionary(I1=pdf.make_indirect(image))
        pdf.save(path, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def image_bomb(path: Path) -> None:
    _with_image(path, zlib.compress(bytes(1 << 20), 9), "FlateDecode", 60_000)


def jbig2_bomb(path: Path) -> None:
    """A valid JBIG2 stream of 8 kB with four thousand million white pixels, one bit a row."""
    side = 65_000

    def segment(number: int, kind: int, data: bytes) -> bytes:
        return struct.pack(">IBBBI", number, kind, 0, 1, len(data)) + data

    sizes = struct.pack(">II", side, side)
    region = sizes + bytes(9) + b"\x01" + b"\xff" * (side // 8 + 1) + b"\x00\x10\x01\x00\x10\x01"
    _with_image(
        path, segment(0, 48, sizes + bytes(11)) + segment(1, 38, region), "JBIG2Decode", side
    )


def jpx_bomb(path: Path) -> None:
    """A valid JPEG 2000 codestream with as many: one white tile, 3,600 times."""
    each, across, buffer = 1000, 60, io.BytesIO()
    Image.new("L", (each, each), 255).save(
        buffer, "JPEG2000", tile_size=(each, each), irreversible=True, no_jp2=True
    )
    data = buffer.getvalue()
    at = data.index(b"\xff\x90")  # the tile begins
    (length,) = struct.unpack_from(">I", data, at + 6)
    head, tile = bytearray(data[:at]), data[at : at + length]
    struct.pack_into(">II", head, head.index(b"\xff\x51") + 6, across * each, across * each)
    tiles = b"".join(
        tile[:4] + struct.pack(">H", number) + tile[6:] for number in range(across * across)
    )
    _with_image(path, bytes(head) + tiles + b"\xff\xd9", "JPXDecode", across * each)


def deep_nesting(path: Path) -> None:
    raw_pdf(path, TEXT)
    data = path.read_bytes()
    deep = b"[" * 100_000 + b"]" * 100_000
    path.write_bytes(data.replace(b"/Contents", b"/Deep " + deep + b" /Contents", 1))


def nested_forms(path: Path) -> None:
    """A form XObject that paints itself twice, without end."""
    raw_pdf(path, TEXT + "/X0 Do\n")
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        forms = []
        for _ in range(40):
            form = pdf.make_stream(b"/X0 Do /X0 Do")
            form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 595, 842])
            forms.append(pdf.make_indirect(form))
        for form, inner in zip(forms, [*forms[1:], forms[0]], strict=True):
            form.Resources = Dictionary(XObject=Dictionary(X0=inner))
        pdf.pages[0].Resources.XObject = Dictionary(X0=forms[0])
        pdf.save(path)


def bomb_on_second_page(path: Path) -> None:
    """Three pages of which the second never ends."""
    nested_forms(path)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        raw_pdf(path.with_suffix(".tmp"), [TEXT, TEXT])
        with pikepdf.open(path.with_suffix(".tmp")) as sound:
            pdf.pages.insert(0, sound.pages[0])
            pdf.pages.append(sound.pages[1])
        pdf.save(path)
    path.with_suffix(".tmp").unlink()


def many_objects(path: Path) -> None:
    raw_pdf(path, TEXT)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.Root.Many = Array([pdf.make_indirect(Dictionary(N=i)) for i in range(100_000)])
        pdf.save(path)


def huge_media_box(path: Path) -> None:
    raw_pdf(path, TEXT, box=(0, 0, 1e9, 1e9))


def no_media_box(path: Path) -> None:
    raw_pdf(path, TEXT, box=(0, 0, 0, 0))


def many_pages(path: Path) -> None:
    with pikepdf.new() as pdf:
        raw_pdf(path, TEXT)
        with pikepdf.open(path) as one:
            pdf.pages.append(one.pages[0])
        first = pdf.pages[0].obj
        for _ in range(9_999):
            pdf.pages.append(pikepdf.Page(pdf.make_indirect(Dictionary(first))))
        pdf.save(path)


def lying_font(path: Path) -> None:
    """A font with absurd widths, a first character past the last, a map to megabytes of text."""
    widths = Array([-1000, 10**9, *([0] * 50), *([500] * 150)])
    raw_pdf(
        path,
        TEXT,
        font={"FirstChar": 20, "LastChar": 3, "Widths": widths, "BaseFont": Name("/X" * 1)},
        to_unicode={ord("a"): "a" * 200},
    )


def no_content(path: Path) -> None:
    raw_pdf(path, "")


def broken_operators(path: Path) -> None:
    raw_pdf(
        path,
        "BT /F1 Tf 10 (unclosed \\( Tj ET Q Q Q ]] >> 1e999 -1e999 Td "
        + TEXT
        + " BT /F9 10 Tf (x) Tj",
    )


def comment_only(path: Path) -> None:
    path.write_bytes(b"%PDF-1.7\n" + b"%" * 100_000)


MAKERS: dict[str, Maker] = {
    maker.__name__: maker
    for maker in (
        truncated,
        zero_bytes,
        renamed,
        encrypted,
        empty_password,
        cyclic_page_tree,
        xref_loop,
        flate_bomb,
        operator_bomb,
        image_bomb,
        jbig2_bomb,
        jpx_bomb,
        deep_nesting,
        nested_forms,
        bomb_on_second_page,
        many_objects,
        huge_media_box,
        no_media_box,
        many_pages,
        lying_font,
        no_content,
        broken_operators,
        comment_only,
    )
}
