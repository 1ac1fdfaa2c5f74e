"""A camera's addresses, ready to be copied into other programs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Address:
    """What to copy: one line, or ready lines of a configuration."""

    label: str
    text: str

    @property
    def multiline(self) -> bool:
        """It takes more than one line."""
        return "\n" in self.text


def list_addresses(camera_id: str, stream: str, snapshot: str) -> list[Address]:
    """Everything that a camera's page offers to copy.

    Args:
        camera_id: as in the configuration.
        stream: the full address of the MJPEG stream, as this browser reaches it.
        snapshot: the full address of the snapshot.
    """
    return [
        Address("MJPEG stream", stream),
        Address("Snapshot", snapshot),
        Address("VLC, mpv, ffplay", f"vlc {stream}\nmpv --no-cache {stream}\nffplay -fflags nobuffer {stream}"),
        Address(
            "Home Assistant",
            "# Settings > Devices & services > Add integration > MJPEG IP Camera\n"
            f"MJPEG URL:       {stream}\n"
            f"Still image URL: {snapshot}",
        ),
        Address(
            "Frigate",
            "cameras:\n"
            f"  {camera_id}:\n"
            "    ffmpeg:\n"
            "      inputs:\n"
            f"        - path: {stream}\n"
            "          input_args: preset-http-mjpeg-generic\n"
            "          roles: [detect]",
        ),
        Address("go2rtc", f"streams:\n  {camera_id}: {stream}"),
        Address("OctoPrint", f"Stream URL:   {stream}\nSnapshot URL: {snapshot}"),
    ]
