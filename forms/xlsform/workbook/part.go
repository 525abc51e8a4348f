package workbook

import (
	"archive/zip"
	"bytes"
	"errors"
	"hash"
	"hash/crc32"
	"io"
	"path"
	"strings"
	"sync"

	"github.com/klauspost/compress/flate"

	"waymark/internal/fault"
)

// archive is the parts of an XLSX file.
type archive struct {
	data  []byte
	parts map[string]*zip.File
	// left is how many bytes may still be unpacked.
	left int64
}

// openArchive lists the parts of a zip file and refuses other kinds of zip.
func openArchive(data []byte) (*archive, error) {
	if bytes.Count(data, []byte("PK\x01\x02")) > MaxParts { // before the library lists them all
		return nil, tooManyParts()
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, fault.Wrap(fault.Invalid, fault.Place{}, "the workbook is damaged or was cut off", "download or copy it again, or "+saveXLSX, err)
	}
	a := &archive{data: data, parts: make(map[string]*zip.File, len(z.File)), left: MaxTotalBytes}
	for _, f := range z.File {
		a.parts[partName(f.Name)] = f
	}
	return a, nil
}

func tooManyParts() *fault.Fault {
	return fault.New(fault.Unavailable, fault.Place{}, "the workbook has more than 4096 parts", "remove pictures and sheets that the form does not need")
}

// partName is a part's name without the differences that writers allow
// themselves: case, backslashes and a leading slash.
func partName(name string) string {
	if strings.IndexByte(name, '\\') >= 0 {
		name = strings.ReplaceAll(name, `\`, "/")
	}
	return strings.ToLower(strings.TrimPrefix(name, "/"))
}

// has says whether there is a part.
func (a *archive) has(name string) bool { return a.parts[partName(name)] != nil }

// notXLSX says what a zip file without a workbook is.
func (a *archive) notXLSX() error {
	switch {
	case a.has("xl/workbook.bin"):
		return notAForm("a binary workbook (.xlsb)", saveXLSX)
	case a.has("word/document.xml"):
		return notAForm("a Word document", "send the workbook of the form")
	case a.has("ppt/presentation.xml"):
		return notAForm("a PowerPoint presentation", "send the workbook of the form")
	case a.has("content.xml") && a.has("META-INF/manifest.xml"):
		return notAForm("an OpenDocument file (.ods)", saveXLSX)
	case a.has("Index/Document.iwa"), a.has("Index/CalculationEngine.iwa"), a.has("index.apxl"):
		return notAForm("a Numbers or Pages document", "export it as .xlsx")
	}
	for name := range a.parts {
		if ext := path.Ext(name); ext == ".xlsx" || ext == ".xls" || ext == ".csv" {
			return notAForm("a zip archive with a workbook in it", "unpack it and send the workbook inside")
		}
	}
	return notAForm("a zip archive", "send the workbook of the form")
}

// open returns a scanner over a part, which the caller must close.
func (a *archive) open(name string) (*scanner, error) {
	raw, err := a.raw(name)
	if err != nil {
		return nil, err
	}
	f := a.parts[partName(name)]
	p := &part{name: name, archive: a, packed: int64(len(raw)), want: f.CRC32, size: f.UncompressedSize64, sum: crc32.NewIEEE()}
	switch f.Method {
	case zip.Store:
		p.from = bytes.NewReader(raw)
	case zip.Deflate:
		p.inflater = inflaters.Get().(inflater)
		if err := p.inflater.Reset(bytes.NewReader(raw), nil); err != nil {
			return nil, damaged(name, err)
		}
		p.from = p.inflater
	default:
		return nil, fault.New(fault.Invalid, fault.Place{Field: name}, "the workbook is packed in a way that is not read", saveXLSX)
	}
	return newScanner(p, name), nil
}

// raw returns the packed bytes of a part.
func (a *archive) raw(name string) ([]byte, error) {
	f := a.parts[partName(name)]
	if f == nil {
		return nil, fault.New(fault.Invalid, fault.Place{Field: name}, "the workbook lacks a part", saveXLSX)
	}
	if f.Flags&1 != 0 {
		return nil, protected()
	}
	offset, err := f.DataOffset()
	if err != nil || offset < 0 || offset > int64(len(a.data)) || f.CompressedSize64 > uint64(int64(len(a.data))-offset) {
		return nil, damaged(name, err)
	}
	return a.data[offset : offset+int64(f.CompressedSize64)], nil
}

// inflater unpacks a part and can begin again with another.
type inflater interface {
	io.Reader
	flate.Resetter
}

var inflaters = sync.Pool{New: func() any { return flate.NewReader(nil).(inflater) }}

// damaged is the fault of a part that cannot be unpacked or understood.
func damaged(name string, cause error) *fault.Fault {
	return fault.Wrap(fault.Invalid, fault.Place{Field: name}, "the workbook is damaged", "download or copy it again, or "+saveXLSX, cause)
}

// part unpacks one part and holds the limits.
type part struct {
	name     string
	archive  *archive
	from     io.Reader
	inflater inflater
	packed   int64 // bytes in the file
	read     int64 // bytes unpacked so far
	want     uint32
	size     uint64
	sum      hash.Hash32
}

// Read unpacks into b. A fault takes the place of the reader's own errors.
func (p *part) Read(b []byte) (int, error) {
	n, err := p.from.Read(b)
	p.read += int64(n)
	p.archive.left -= int64(n)
	p.sum.Write(b[:n])
	switch {
	case p.read > MaxPartBytes || p.archive.left < 0:
		return n, fault.New(fault.Unavailable, fault.Place{Field: p.name}, "the workbook unpacks to more than it may", "remove empty rows and columns, and sheets that the form does not need")
	case p.read > ratioFrom && p.read/MaxRatio > p.packed:
		return n, fault.New(fault.Invalid, fault.Place{Field: p.name}, "the workbook unpacks to more than 250 times its size, as a zip bomb does", "remove empty rows and columns and save it again")
	case errors.Is(err, io.EOF):
		if uint64(p.read) != p.size || p.sum.Sum32() != p.want {
			return n, damaged(p.name, errors.New("the checksum is wrong"))
		}
		return n, io.EOF
	case err != nil:
		return n, damaged(p.name, err)
	}
	return n, nil
}

// release hands the inflater back for the next part, without the file.
func (p *part) release() {
	if p.inflater != nil {
		if p.inflater.Reset(bytes.NewReader(nil), nil) == nil {
			inflaters.Put(p.inflater)
		}
		p.inflater, p.from = nil, nil
	}
}
