package openrosa

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"rsc.io/qr"

	"waymark/internal/fault"
)

// Phone says how a phone is set up.
type Phone struct {
	// Name of the project in the app: the round's. Required.
	Name string
	// Code of the enumerator, which answers questions for the username; never a
	// name. Default: none.
	Code string
	// Lang is the language of the app, as its settings know it: "fr". Default: the
	// phone's own.
	Lang string
	// KeepSent keeps interviews on the phone after they were stored here. Default:
	// they are deleted, since a phone can be lost or taken.
	KeepSent bool
	// Draft sets the app up to test a draft.
	Draft bool
}

// Settings returns what ODK Collect and KoboCollect read from a QR code: the
// settings as JSON, compressed by zlib, in base64. It holds the token: nothing
// may log or store it. Source: Collect's AppConfigurationGenerator,
// CompressionUtils and client-settings.schema.json.
func Settings(base, token string, p Phone) (string, error) {
	if !wellFormed(token) || base == "" || p.Name == "" {
		return "", fault.New(fault.Internal, fault.Place{}, "the settings of a phone need an address, a token and a name", "")
	}
	path := KeyPath
	if p.Draft {
		path = TestPath
	}
	general := map[string]any{
		"server_url":       strings.TrimRight(base, "/") + path + token,
		"form_update_mode": "match_exactly",
		"autosend":         "wifi_and_cellular",
		// Collect would tell others how it is used.
		"analytics": false,
	}
	if !p.KeepSent {
		general["delete_send"] = true
	}
	if p.Code != "" {
		general["metadata_username"] = p.Code
	}
	if p.Lang != "" {
		general["app_language"] = p.Lang
	}
	data, err := json.Marshal(map[string]any{
		"general": general,
		"admin":   map[string]any{},
		"project": map[string]any{"name": p.Name, "icon": "W", "color": "#1d70b8"},
	})
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	w, _ := zlib.NewWriterLevel(&b, zlib.BestCompression)
	_, _ = w.Write(data)
	if err := w.Close(); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(b.Bytes()), nil
}

// quiet is the white border of a QR code, in modules. Source: ISO/IEC 18004, §5.3.8.
const quiet = 4

// level of error correction: 15% of the code may be unreadable, so that a printed
// card survives some wear.
const level = qr.M

// QR writes a text as a QR code in SVG. label is what a screen reader says. It is
// black on white in every colour scheme, as cameras need it.
func QR(w io.Writer, text, label string) error {
	code, err := encode(text)
	if err != nil {
		return err
	}
	var path strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			run := 0
			for x+run < code.Size && code.Black(x+run, y) {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", x+quiet, y+quiet, run, run)
				x += run
			}
		}
	}
	side := code.Size + 2*quiet
	_, err = fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="%s" viewBox="0 0 %d %d" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/><path fill="#000" d="%s"/></svg>`,
		attributeText.Replace(label), side, side, side, side, path.String())
	return err
}

var attributeText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// QRPNG writes a text as a QR code in PNG, eight pixels a module.
func QRPNG(w io.Writer, text string) error {
	code, err := encode(text)
	if err != nil {
		return err
	}
	_, err = w.Write(code.PNG())
	return err
}

func encode(text string) (*qr.Code, error) {
	code, err := qr.Encode(text, level)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, fault.Place{}, "the text is too long for a QR code", "shorten the round's name", err)
	}
	return code, nil
}
