package collection

import (
	"slices"
	"strings"

	"github.com/gabriel-vasile/mimetype"
)

// Unknown is the media type of a file that is none of those that a submission is
// expected to have. It is kept, and only ever handed out as a download.
const Unknown = "application/octet-stream"

// mediaTypes are what files of submissions are called by. None can hold a script
// that a browser runs: HTML and SVG are unknown.
var mediaTypes = []string{
	"image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "image/tiff", "image/heic", "image/heif", "image/avif",
	"audio/mpeg", "audio/mp4", "audio/x-m4a", "audio/aac", "audio/amr", "audio/ogg", "application/ogg", "audio/wav", "audio/flac", "audio/webm",
	"video/mp4", "video/3gpp", "video/3gpp2", "video/webm", "video/x-matroska", "video/quicktime", "video/ogg", "video/mpeg", "video/x-msvideo",
	"application/pdf", "text/plain", "text/csv", "text/tab-separated-values",
	"application/json", "application/geo+json", "text/xml", "application/gpx+xml", "application/vnd.google-earth.kml+xml",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"application/vnd.openxmlformats-officedocument.presentationml.presentation",
	"application/vnd.oasis.opendocument.text",
	"application/vnd.oasis.opendocument.spreadsheet",
	"application/vnd.oasis.opendocument.presentation",
}

// MediaType is the media type of a content by its first bytes, 4 kB of which are
// looked at, without parameters; Unknown if it is none that is expected. What
// whoever sent it said does not count.
func MediaType(head []byte) string {
	t, _, _ := strings.Cut(mimetype.Detect(head).String(), ";")
	if slices.Contains(mediaTypes, t) {
		return t
	}
	return Unknown
}
