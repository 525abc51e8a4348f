package draft

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"

	"waymark/forms/xform"
	"waymark/internal/fault"
	"waymark/monitoring/collection"
)

// The bounds of a form's files, in bytes, inclusive. Phones fetch all of them
// over slow lines before the first interview.
const (
	MaxListFile  = 32 << 20 // CSV, XML, GeoJSON
	MaxImageFile = 8 << 20
	MaxAudioFile = 32 << 20
	MaxVideoFile = 100 << 20
)

// MaxFile is the largest file of any kind.
const MaxFile = MaxVideoFile

func limitOf(k Kind) int {
	switch k {
	case Image:
		return MaxImageFile
	case Audio:
		return MaxAudioFile
	case Video:
		return MaxVideoFile
	}
	return MaxListFile
}

// CheckFile judges the content of a file that a form needs, and describes it
// for the store. What it is is told by the content: a list must be readable and
// have the columns that the form reads; a picture, sound or film must be one. A
// list is kept byte by byte as it came.
//
// The error holds every fault, each with row and column of the file.
func CheckFile(need *Need, content []byte) (*collection.FormFile, error) {
	at := fault.Place{File: need.Name}
	if err := CheckName(need.Name); err != nil {
		err.Place = at
		return nil, err
	}
	switch {
	case len(content) == 0:
		return nil, fault.New(fault.Invalid, at, "the file is empty", "choose the file that the form uses")
	case len(content) > limitOf(need.Kind):
		return nil, fault.New(fault.Invalid, at, fmt.Sprintf("the file has more than %d MiB", limitOf(need.Kind)>>20), "make it smaller: phones fetch it over slow lines")
	}
	f := &collection.FormFile{Name: need.Name, Size: int64(len(content)), Hash: hash(content)}
	var err error
	switch need.Kind {
	case CSV:
		f.Type = "text/csv"
		err = checkCSV(content, need.Columns)
	case XML, GeoJSON:
		f.Type = "text/xml"
		if need.Kind == GeoJSON {
			f.Type = "application/geo+json"
		}
		err = checkList(need, content)
	case Image, Audio, Video:
		f.Type, err = checkMedium(need, content)
	default:
		f.Type = sniff(content)
		if !harmless(f.Type) {
			err = fault.New(fault.Invalid, fault.Place{}, "the file is of a kind that phones should not get", "use a picture, sound, film or list")
		}
	}
	if err != nil {
		return nil, fault.InFile(err, need.Name)
	}
	return f, nil
}

// sniff is the media type of a content, without parameters.
func sniff(content []byte) string {
	t, _, _ := strings.Cut(mimetype.Detect(content).String(), ";")
	return t
}

// pictures, sounds and films are what Android shows without further programs,
// and nothing that can hold a script. Source: Android, "Supported media formats".
var (
	pictures = []string{"image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp"}
	sounds   = []string{"audio/mpeg", "audio/mp4", "audio/x-m4a", "audio/aac", "audio/amr", "audio/ogg", "application/ogg", "audio/wav", "audio/flac", "audio/webm", "video/3gpp", "video/mp4"}
	films    = []string{"video/mp4", "video/3gpp", "video/webm", "video/x-matroska", "video/quicktime"}
)

func harmless(t string) bool {
	return slices.Contains(pictures, t) || slices.Contains(sounds, t) || slices.Contains(films, t) || t == "text/csv" || t == "text/plain" || t == "application/pdf"
}

func checkMedium(need *Need, content []byte) (string, error) {
	allowed, words, write := pictures, "picture", "JPEG, PNG, GIF or WebP"
	switch need.Kind {
	case Audio:
		allowed, words, write = sounds, "sound recording", "MP3, M4A, AAC, AMR, OGG, WAV or FLAC"
	case Video:
		allowed, words, write = films, "film", "MP4, 3GP or WebM"
	}
	t := sniff(content)
	if !slices.Contains(allowed, t) {
		return "", fault.New(fault.Invalid, fault.Place{}, fmt.Sprintf("the content is not a %s that phones can play or show", words), "save it as "+write)
	}
	return t, nil
}

// checkCSV reads a list as phones do, and asks for the columns that the form
// reads.
func checkCSV(content []byte, columns []string) error {
	faults := fault.NewList(maxFaults)
	if !utf8.Valid(content) {
		return fault.New(fault.Invalid, fault.Place{}, "the list is not in UTF-8", "save it as CSV UTF-8")
	}
	if bytes.HasPrefix(content, []byte("PK\x03\x04")) || bytes.IndexByte(content, 0) >= 0 {
		return fault.New(fault.Invalid, fault.Place{}, "this is not a CSV file", "open it in a spreadsheet and save it as CSV UTF-8")
	}
	content = bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
	r := csv.NewReader(bytes.NewReader(content))
	r.FieldsPerRecord = -1
	head, _, _ := bytes.Cut(content, []byte("\n"))
	if bytes.IndexByte(head, ';') >= 0 && bytes.IndexByte(head, ',') < 0 {
		r.Comma = ';'
	}
	header, err := r.Read()
	if err != nil {
		return fault.Wrap(fault.Invalid, fault.Place{Row: 1}, "the list has no header", "name the columns in the first row", err)
	}
	seen := map[string]int{}
	for i, name := range header {
		at := fault.Place{Row: 1, Column: i + 1, Field: name}
		switch first, twice := seen[name]; {
		case strings.TrimSpace(name) == "":
			faults.Addf(fault.Invalid, fault.Place{Row: 1, Column: i + 1}, "name it, or delete it", "the column has no name")
		case twice:
			faults.Addf(fault.Invalid, at, "rename one", "columns %d and %d have the same name", first, i+1)
		case strings.TrimSpace(name) != name || strings.ContainsAny(name, " \t"):
			faults.Addf(fault.Invalid, at, "leave out the spaces", "the column's name has spaces, with which a form cannot name it")
		}
		seen[name] = i + 1
	}
	for _, want := range columns {
		if seen[want] > 0 {
			continue
		}
		remedy := "add it, or change the form"
		if near := fault.Nearest(want, header); near != "" {
			remedy = fmt.Sprintf("did you mean %q? Rename the column, or change the form", near)
		}
		faults.Addf(fault.Invalid, fault.Place{Row: 1, Field: want}, remedy, "the form reads the column %q, which the list does not have", want)
	}
	rows := 0
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			var p *csv.ParseError
			at := fault.Place{}
			if errors.As(err, &p) {
				at.Row, at.Column = p.Line, p.Column
			}
			faults.Add(fault.Wrap(fault.Invalid, at, "the list is not CSV here", "check the quotes of this row", err))
			break
		}
		rows++
		if line, _ := r.FieldPos(0); len(row) != len(header) {
			faults.Addf(fault.Invalid, fault.Place{Row: line}, "put quotes around texts that hold a comma", "the row has %d cells, the header %d", len(row), len(header))
		}
	}
	if rows == 0 && faults.Len() == 0 {
		faults.Addf(fault.Invalid, fault.Place{}, "add the rows, or take the list out of the form", "the list has no rows")
	}
	return faults.Err()
}

// checkList reads XML or GeoJSON as a form does.
func checkList(need *Need, content []byte) error {
	name := need.Name
	if need.Kind == GeoJSON && path.Ext(name) == "" {
		name += ".geojson"
	}
	file, err := xform.ReadFile(name, content)
	if err != nil {
		return err
	}
	root := file.Root
	for root.Kind != 0 && len(root.Children) == 1 { // the document node
		root = root.Children[0]
	}
	if len(root.Children) == 0 {
		return fault.New(fault.Invalid, fault.Place{}, "the list has no entries", "add them, or take the list out of the form")
	}
	has := map[string]bool{}
	for _, item := range root.Children {
		for _, cell := range item.Children {
			has[cell.Name] = true
		}
	}
	faults := fault.NewList(maxFaults)
	for _, want := range need.Columns {
		if !has[want] {
			faults.Addf(fault.Invalid, fault.Place{Field: want}, "add it, or change the form", "the form reads %q, which no entry of the list has", want)
		}
	}
	return faults.Err()
}
