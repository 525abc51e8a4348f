package workbook

import (
	"bytes"
	"errors"
	"io"

	"github.com/richardlehane/mscfb"

	"waymark/internal/fault"
)

// readXLS reads a workbook of Excel 97 to 2003: a stream of BIFF8 records in an
// OLE2 container. Other files in such containers are refused by name.
func readXLS(data []byte, shared *budget) (*Workbook, error) {
	stream, err := oleStream(data)
	if err != nil {
		return nil, err
	}
	return readBIFF(stream, shared)
}

// oleStreams are the streams at the top of a container that tell what it is, if
// it is not a workbook.
var oleStreams = map[string]struct{ what, remedy string }{
	"Book":                    {"a workbook of Excel 5 or 95", saveXLSX},
	"WordDocument":            {"a Word document", "send the workbook of the form"},
	"PowerPoint Document":     {"a PowerPoint presentation", "send the workbook of the form"},
	"__properties_version1.0": {"an Outlook message", "save the workbook that is attached to it"},
	"VisioDocument":           {"a Visio drawing", "send the workbook of the form"},
}

// oleStream returns the stream of records.
func oleStream(data []byte) (stream []byte, err error) {
	broken := func(cause error) error {
		return fault.Wrap(fault.Invalid, fault.Place{}, "the workbook (.xls) is damaged or was cut off", "download or copy it again, or "+saveXLSX, cause)
	}
	// The library guards against damaged containers; this is for what it missed.
	defer func() {
		if p := recover(); p != nil {
			stream, err = nil, broken(errors.New("the container cannot be read"))
		}
	}()
	container, err := mscfb.New(bytes.NewReader(data))
	if err != nil {
		return nil, broken(err)
	}
	other := notAForm("an old Office file, but no workbook", saveXLSX)
	for _, f := range container.File {
		if len(f.Path) > 0 {
			continue
		}
		switch known := oleStreams[f.Name]; {
		case f.Name == "Workbook":
			if f.Size > int64(len(data)) {
				return nil, broken(io.ErrUnexpectedEOF)
			}
			stream = make([]byte, f.Size)
			if n, err := io.ReadFull(f, stream); err != nil && n < len(stream) {
				return nil, broken(err)
			}
			return stream, nil
		case f.Name == "EncryptedPackage":
			return nil, protected()
		case known.what != "":
			other = notAForm(known.what, known.remedy)
		}
	}
	return nil, other
}

// protected is the fault of a workbook that only a password opens.
func protected() error {
	return fault.New(fault.Invalid, fault.Place{}, "the workbook is protected by a password", "save it without a password")
}
