"""How long a simulated board's troubles take."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds.

    Attributes:
        boot: from a reset until it listens again; a board needs two to five, most of it for its Wi-Fi.
        reboot_every: between the resets of `reboot`.
        brownout_every: between the resets of `brownout-loop`.
        blip: of silence in `wifi-blips` (ESP32-CAM_MJPEG2SD#254 measured about 9 s).
        blip_every: from one blip to the next.
        drip: that one picture takes under `slow-drip`.
        head_byte: between two bytes of a head under `slow-head`.
        size_every: between two changes of size.
        resize: without a picture, while the sensor restarts in another size.
        growth: from the first picture to one that fills the buffer under `huge-frames`.
        close_wait: until a client that gets no answer is closed, by firmwares that have no place for it.
    """

    boot: float = 3.0
    reboot_every: float = 20.0
    brownout_every: float = 5.0
    blip: float = 9.0
    blip_every: float = 30.0
    drip: float = 12.0
    head_byte: float = 0.25
    size_every: float = 2.0
    resize: float = 0.2
    growth: float = 6.0
    close_wait: float = 2.0
