package account

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestWeaknesses(t *testing.T) {
	for _, c := range []struct {
		password string
		want     Weakness
	}{
		{"", TooShort},
		{"elevenchars", TooShort},
		{"ééééééééééé", TooShort}, // eleven, though 22 bytes
		{strings.Repeat("kite otter ", 12), TooLong},
		{"aaaaaaaaaaaaaaaa", Common},
		{"abcdefghijklmnop", Common},
		{"1234567890123456", Common},
		{"qwertyuiopasdfgh", Common},
		{"poiuytrewqlkjhgf", Common},
		{"password123456", Common},
		{"P@ssw0rd2024!!", Common},
		{"correct horse battery staple", Common},
		{"MotDePasse2023", Common},
		{"Summer2024Summer2024", Common},
		{"abababababababab", Common},
		{"waymark-waymark", Common},
		{"IloveyouPrincess", Common},
		{"Amina Berthier 1", Personal},
		{"berthier.amina.99", Personal},
		{"otter kite lamp 9", ""},
		{"vT9#kq2LmZ0pWx", ""},
		{"les moutons grimpent doucement", ""},
		{"نجمة فوق الجبل البعيد", ""},
	} {
		got := Weaknesses(c.password, "Amina Berthier", "amina.berthier@example.org")
		if c.want == "" && len(got) > 0 || c.want != "" && !slices.Contains(got, c.want) {
			t.Errorf("%q: %v, want %q", c.password, got, c.want)
		}
	}
}

func TestRandomPasswordsAreTaken(t *testing.T) {
	for range 2000 {
		b := make([]byte, 12) // 16 letters
		rand.Read(b)
		p := base64.RawURLEncoding.EncodeToString(b)
		if w := Weaknesses(p, "Amina Berthier", "amina@example.org"); len(w) > 0 {
			t.Fatalf("%q is refused: %v", p, w)
		}
	}
}

// cheap keeps tests fast; the cost is no part of what they are about.
var cheap = Cost{Memory: 64, Time: 1, Threads: 1}

func TestHash(t *testing.T) {
	ctx := context.Background()
	h := newHasher(cheap)
	encoded, err := h.make(ctx, "otter kite lamp é")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(encoded, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Error(encoded)
	}
	// The same letters written as letter and accent.
	for password, want := range map[string]bool{"otter kite lamp é": true, "otter kite lamp e\u0301": true, "otter kite lamp e": false, "": false} {
		if fits, stale, err := h.check(ctx, password, encoded); fits != want || stale || err != nil {
			t.Errorf("%q: %v %v %v", password, fits, stale, err)
		}
	}
	if fits, stale, err := newHasher(Cost{Memory: 128, Time: 1, Threads: 1}).check(ctx, "otter kite lamp é", encoded); !fits || !stale || err != nil {
		t.Errorf("at another cost: %v %v %v", fits, stale, err)
	}
	if fits, _, err := h.check(ctx, "", ""); fits || err != nil {
		t.Errorf("no password fits where there is none: %v %v", fits, err)
	}
}

// TestHashVector: a hash made with the argon2 reference program of Debian,
// package argon2 0~20171227-0.3+deb12u1:
// printf password | argon2 somesalt -id -t 2 -k 65536 -p 1 -l 32 -e
func TestHashVector(t *testing.T) {
	const encoded = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	fits, stale, err := newHasher(DefaultCost).check(context.Background(), "password", encoded)
	if !fits || !stale || err != nil {
		t.Errorf("%v %v %v", fits, stale, err)
	}
}

func TestBrokenHashes(t *testing.T) {
	good := encode(cheap, make([]byte, saltSize), make([]byte, hashSize))
	for _, s := range []string{"x", "$argon2i$" + good[10:], strings.Replace(good, "m=64", "m=4294967295", 1), strings.Replace(good, "t=1", "t=0", 1),
		strings.Replace(good, "v=19", "v=16", 1), good + "$", good[:len(good)-4], strings.Replace(good, "m=64", "m=-1", 1)} {
		if _, _, err := newHasher(cheap).check(context.Background(), "x", s); err == nil {
			t.Errorf("%s was read", s)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(encode(cheap, make([]byte, saltSize), make([]byte, hashSize)))
	f.Add("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")
	f.Fuzz(func(t *testing.T, s string) {
		c, salt, key, err := decode(s)
		if err != nil {
			return
		}
		again, salt2, key2, err := decode(encode(c, salt, key))
		if err != nil || again != c || string(salt2) != string(salt) || string(key2) != string(key) {
			t.Errorf("%q is not what it was", s)
		}
	})
}

func TestHashingKeepsMemoryWithinBounds(t *testing.T) {
	h := newHasher(cheap)
	if cap(h.turns) > 4 {
		t.Errorf("%d hashes at once", cap(h.turns))
	}
	// All turns are taken: those who come wait, and beyond the bound are told.
	for range cap(h.turns) {
		h.turns <- struct{}{}
	}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	results := make(chan error, 2*maxWaiting)
	for range 2 * maxWaiting {
		wg.Go(func() {
			_, err := h.make(ctx, "otter kite lamp 9")
			if errors.Is(err, ErrBusy) {
				results <- err
				return
			}
			results <- err
		})
	}
	for range maxWaiting {
		if err := <-results; !errors.Is(err, ErrBusy) {
			t.Fatalf("got %v", err)
		}
	}
	cancel()
	wg.Wait()
	for range maxWaiting {
		if err := <-results; !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v", err)
		}
	}
	if h.waiting.Load() != 0 || h.made.Load() != 0 {
		t.Errorf("%d wait, %d made", h.waiting.Load(), h.made.Load())
	}
}

// BenchmarkPassword is one check at the default cost; about 100 ms is wanted.
func BenchmarkPassword(b *testing.B) {
	h := newHasher(DefaultCost)
	for b.Loop() {
		if _, _, err := h.check(context.Background(), "otter kite lamp 9", ""); err != nil {
			b.Fatal(err)
		}
	}
}
