package workbook

import (
	"bytes"
	"compress/flate"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

// packed is a DEFLATE stream of data.
func packed(t testing.TB, data []byte, level int) []byte {
	t.Helper()
	var buf bytes.Buffer
	w, err := flate.NewWriter(&buf, level)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestInflate(t *testing.T) {
	noise := make([]byte, 200_000)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range noise {
		noise[i] = byte(r.IntN(256))
	}
	var skewed bytes.Buffer // lengths up to 15 bits
	for i := range 60_000 {
		skewed.WriteByte(byte(r.ExpFloat64() * 12))
		if i%777 == 0 {
			skewed.Write(noise[i : i+300])
		}
	}
	for name, data := range map[string][]byte{
		"nothing": nil, "a": []byte("a"), "run": bytes.Repeat([]byte("a"), 100_000), "noise": noise, "skewed": skewed.Bytes(),
		"cells": []byte(strings.Repeat(`<c r="A1" s="3" t="s"><v>12</v></c>`, 20_000)), "far": append(append(noise[:32<<10:32<<10], noise[:32<<10]...), noise[:32<<10]...),
	} {
		d := new(inflater)
		for _, level := range []int{flate.HuffmanOnly, flate.NoCompression, flate.BestSpeed, flate.BestCompression} {
			stream := packed(t, data, level)
			d.reset(stream)
			got, err := io.ReadAll(d)
			if err != nil || !bytes.Equal(got, data) {
				t.Errorf("%s at level %d: %d bytes and %v, want %d", name, level, len(got), err, len(data))
			}
			d.reset(stream[:len(stream)/2])
			if got, err := io.ReadAll(d); err == nil || !bytes.HasPrefix(data, got) {
				t.Errorf("%s at level %d, cut in half: %d bytes and %v", name, level, len(got), err)
			}
		}
	}
}

// FuzzInflate holds our way of unpacking to the standard library's: what that
// unpacks, this unpacks to the same bytes.
func FuzzInflate(f *testing.F) {
	for _, s := range []string{"", "a", "abcabcabcabc", strings.Repeat(`<c r="A1" s="3"/>`, 100)} {
		for _, level := range []int{flate.HuffmanOnly, flate.NoCompression, flate.BestSpeed, flate.BestCompression} {
			f.Add(packed(f, []byte(s), level))
		}
	}
	d := new(inflater)
	f.Fuzz(func(t *testing.T, stream []byte) {
		want, wantErr := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(stream)), 1<<20))
		d.reset(stream)
		got, err := io.ReadAll(io.LimitReader(d, 1<<20))
		if wantErr == nil && (err != nil || !bytes.Equal(got, want)) {
			t.Fatalf("%d bytes and %v, compress/flate gives %d", len(got), err, len(want))
		}
		if wantErr != nil && !bytes.HasPrefix(got, want) && !bytes.HasPrefix(want, got) {
			t.Fatalf("%x, compress/flate gives %x before %v", got, want, wantErr)
		}
	})
}

// BenchmarkInflate unpacks the cells of a survey's choices, and beside it the
// same with compress/flate.
func BenchmarkInflate(b *testing.B) {
	data, err := os.ReadFile(sharedFile(b, "xlsforms/socio-economic-survey-v20240515.xlsx"))
	if err != nil {
		b.Fatal(err)
	}
	a, err := openArchive(data)
	if err != nil {
		b.Fatal(err)
	}
	raw, err := a.raw("xl/worksheets/sheet2.xml")
	if err != nil {
		b.Fatal(err)
	}
	buf := make([]byte, 64<<10)
	drain := func(r io.Reader) {
		for {
			if _, err := r.Read(buf); err == io.EOF {
				return
			} else if err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("ours", func(b *testing.B) {
		d := new(inflater)
		b.SetBytes(117_500)
		for b.Loop() {
			d.reset(raw)
			drain(d)
		}
	})
	b.Run("standard", func(b *testing.B) {
		r := flate.NewReader(nil)
		b.SetBytes(117_500)
		for b.Loop() {
			if err := r.(flate.Resetter).Reset(bytes.NewReader(raw), nil); err != nil {
				b.Fatal(err)
			}
			drain(r)
		}
	})
}
