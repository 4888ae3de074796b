"""What every answer says to a browser: load nothing, be framed by nobody, tell nobody."""

from __future__ import annotations

from functools import cache

from tracing.page.render import content_security_policy

_FEATURES = (
    "accelerometer", "autoplay", "camera", "clipboard-read", "display-capture", "fullscreen",
    "geolocation", "gyroscope", "magnetometer", "microphone", "midi", "payment", "usb",
)  # fmt: skip


@cache
def security_headers() -> dict[str, str]:
    """The same for pages, data and errors."""
    return {
        "Content-Security-Policy": f"{content_security_policy()}; frame-ancestors 'none'",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": ", ".join(f"{name}=()" for name in _FEATURES),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
