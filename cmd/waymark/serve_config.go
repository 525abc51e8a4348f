package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"waymark/internal/fault"
	"waymark/web/page"
	"waymark/web/signin"
)

// serveConfig is what `waymark serve --config FILE` reads. Every field has a
// default that serves one laptop; serve --config-example prints it with comments.
type serveConfig struct {
	Data     string          `yaml:"data"`
	Listen   string          `yaml:"listen"`
	Base     string          `yaml:"base"`
	Language string          `yaml:"language"`
	Database databaseConfig  `yaml:"database"`
	Keys     keysConfig      `yaml:"keys"`
	Files    filesConfig     `yaml:"files"`
	TLS      tlsConfig       `yaml:"tls"`
	Proxy    proxyConfig     `yaml:"proxy"`
	SignOn   *signOnConfig   `yaml:"single_sign_on"`
	Metrics  metricsConfig   `yaml:"metrics"`
	Log      logConfig       `yaml:"log"`
	Backup   backupJobConfig `yaml:"backup"`
	Referral referralConfig  `yaml:"referral"`

	file string
}

type databaseConfig struct {
	URLFile string `yaml:"url_file"`
}

type keysConfig struct {
	Dir       string `yaml:"dir"`
	Service   string `yaml:"service"`
	TokenFile string `yaml:"token_file"`
}

type filesConfig struct {
	S3 *s3Config `yaml:"s3"`
	// CollectAfter is how old a content that nothing names must be; 0 for never.
	CollectAfter time.Duration `yaml:"collect_after"`
}

type s3Config struct {
	Endpoint        string `yaml:"endpoint"`
	Bucket          string `yaml:"bucket"`
	Region          string `yaml:"region"`
	Prefix          string `yaml:"prefix"`
	CredentialsFile string `yaml:"credentials_file"`
	Insecure        bool   `yaml:"insecure"`
}

type tlsConfig struct {
	Autocert []string `yaml:"autocert"`
	Email    string   `yaml:"email"`
	Cert     string   `yaml:"cert"`
	Key      string   `yaml:"key"`
}

type proxyConfig struct {
	Trust []string `yaml:"trust"`
}

type signOnConfig struct {
	Name       string `yaml:"name"`
	Issuer     string `yaml:"issuer"`
	ClientID   string `yaml:"client_id"`
	SecretFile string `yaml:"secret_file"`
	// Strong are values of the claim "amr" that vouch for a second factor.
	Strong []string `yaml:"second_factor_methods"`
}

type metricsConfig struct {
	Listen string `yaml:"listen"`
}

type logConfig struct {
	Format string `yaml:"format"`
	Level  string `yaml:"level"`
}

type referralConfig struct {
	// Rules are folders of rule files; one replaces the built-in pathway of its id.
	Rules []string `yaml:"rules"`
	// Service is the authority's; nil for none: packages are downloaded then.
	Service *authorityConfig `yaml:"service"`
}

type authorityConfig struct {
	URL       string `yaml:"url"`
	TokenFile string `yaml:"token_file"`
	// Pathway whose packages it takes. Default "uk".
	Pathway string `yaml:"pathway"`
}

type backupJobConfig struct {
	Dir        string        `yaml:"dir"`
	Recipients string        `yaml:"recipients"`
	Every      time.Duration `yaml:"every"`
	Keep       int           `yaml:"keep"`
}

const configExample = `# Settings of "waymark serve". Every line may be left out; what stands here is
# the default or an example. Secrets are never in this file: it names files that
# hold them, readable by the server's user alone.

data: ./waymark-data            # database, files, keys' folder if not set below
listen: 127.0.0.1:8080          # address and port
# base: https://data.example.org  # the address that people and phones use

language: en                    # of messages to phones that ask for none, as ODK Collect does: en, fr or ar

# database:
#   url_file: /etc/waymark/database   # postgres://user:password@host/name; without it, SQLite in the data folder
# keys:
#   dir: /etc/waymark/keys            # away from the data and its backups
#   service: hcvault://vault.example.org:8200/transit/keys/waymark
#   token_file: /etc/waymark/vault-token
# files:
#   collect_after: 720h               # when contents that nothing names are set aside, and as long after removed; 0s for never
#   s3:                               # a bucket or prefix belongs to one database
#     endpoint: s3.example.org
#     bucket: waymark
#     region: eu-west-2
#     credentials_file: /etc/waymark/s3   # as ~/.aws/credentials; or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY
# tls:
#   autocert: [data.example.org]      # certificates from Let's Encrypt; ports 80 and 443 must be reachable
#   email: admin@example.org
#   cert: /etc/waymark/cert.pem       # or a certificate of your own
#   key: /etc/waymark/key.pem
# proxy:
#   trust: [127.0.0.1/32]             # whose X-Forwarded-For is believed
# single_sign_on:
#   name: Our organisation
#   issuer: https://login.example.org
#   client_id: waymark
#   secret_file: /etc/waymark/oidc-secret
#   second_factor_methods: [mfa]      # values of the claim "amr" that vouch for one
# metrics:
#   listen: 127.0.0.1:9090            # Prometheus; never open to the world
log:
  format: text                        # text or json
  level: info                         # debug, info, warn, error
# backup:
#   dir: /var/backups/waymark
#   recipients: /etc/waymark/backup-recipients   # age public keys, one a line
#   every: 24h
#   keep: 14
# referral:
#   rules: [/etc/waymark/rules/uk]    # folders of rule files; one replaces the built-in pathway of its id
#   service:                          # of the authority; without it packages are downloaded and their hand-over is written down
#     url: https://referrals.example.org/packages
#     token_file: /etc/waymark/authority-token
#     pathway: uk
`

// loadServeConfig reads the settings, or gives the defaults for file "". It
// reports every fault at once.
func loadServeConfig(file string) (*serveConfig, error) {
	c := &serveConfig{Data: "./waymark-data", Listen: "127.0.0.1:8080", Language: page.Languages[0], file: file, Files: filesConfig{CollectAfter: 30 * 24 * time.Hour},
		Log: logConfig{Format: "text", Level: "info"}}
	if file == "" {
		return c, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fault.Wrap(fault.NotFound, fault.Place{File: file}, "the settings cannot be read", "waymark serve --config-example writes some to begin with", err)
	}
	if len(text) > 1<<20 {
		return nil, fault.New(fault.Invalid, fault.Place{File: file}, "the settings are larger than 1 MB", "is this the right file?")
	}
	if err := yaml.UnmarshalWithOptions(text, c, yaml.Strict()); err != nil {
		place := fault.Place{File: file}
		message := err.Error()
		var y yaml.Error
		if errors.As(err, &y) {
			message = y.GetMessage()
			if token := y.GetToken(); token != nil && token.Position != nil {
				place.Row, place.Column = token.Position.Line, token.Position.Column
			}
		}
		return nil, fault.Wrap(fault.Invalid, place, "the settings cannot be used: "+message, "waymark serve --config-example shows every setting", err)
	}
	return c, nil
}

// check fills defaults that depend on others and reports every fault at once.
func (c *serveConfig) check() error {
	faults := fault.NewList(50)
	bad := func(field, message, remedy string) {
		faults.Add(fault.New(fault.Invalid, fault.Place{File: c.file, Field: field}, message, remedy))
	}
	host, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		bad("listen", "it is no address with a port", "write 127.0.0.1:8080, or :8080 for every address of this machine")
	}
	secure := len(c.TLS.Autocert) > 0 || c.TLS.Cert != ""
	if c.Base == "" && err == nil {
		scheme := "http"
		if secure {
			scheme = "https"
		}
		if a, err := netip.ParseAddr(host); host == "" || err == nil && (a.IsUnspecified() || a.IsLoopback()) {
			host = "localhost" // browsers keep no passkeys for a bare address
		}
		c.Base = scheme + "://" + net.JoinHostPort(host, port)
		if len(c.TLS.Autocert) > 0 {
			c.Base = "https://" + c.TLS.Autocert[0]
		}
	}
	c.Base = strings.TrimSuffix(c.Base, "/")
	if u, err := url.Parse(c.Base); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || u.Path != "" || u.RawQuery != "" {
		bad("base", "it is no address of a site", "write https://data.example.org, without a path")
	} else if u.Scheme == "http" && !loopback(u.Hostname()) {
		bad("base", "phones and people would send secrets over an open line", "use https: set tls, or put the server behind a proxy that has a certificate")
	}
	if (c.TLS.Cert == "") != (c.TLS.Key == "") {
		bad("tls", "a certificate needs its key, and a key its certificate", "set both tls.cert and tls.key")
	}
	if c.TLS.Cert != "" && len(c.TLS.Autocert) > 0 {
		bad("tls", "there is a certificate and autocert too", "keep one of them")
	}
	for _, cidr := range c.Proxy.Trust {
		if _, err := netip.ParsePrefix(cidr); err != nil {
			bad("proxy.trust", fmt.Sprintf("%q is no range of addresses", cidr), "write 127.0.0.1/32")
		}
	}
	if c.Language != "" && !slices.Contains(page.Languages, c.Language) {
		bad("language", "there is no such language", "write "+strings.Join(page.Languages, ", "))
	}
	if c.Metrics.Listen != "" {
		if _, _, err := net.SplitHostPort(c.Metrics.Listen); err != nil {
			bad("metrics.listen", "it is no address with a port", "write 127.0.0.1:9090")
		}
	}
	if c.Log.Format != "text" && c.Log.Format != "json" {
		bad("log.format", "it is neither text nor json", "write one of them")
	}
	if _, ok := logLevels[c.Log.Level]; !ok {
		bad("log.level", "there is no such level", "write debug, info, warn or error")
	}
	if b := c.Backup; b.Dir != "" && (b.Recipients == "" || b.Every < time.Minute) {
		bad("backup", "scheduled backups need recipients and an interval of a minute or more", "set backup.recipients and backup.every")
	}
	if p := c.SignOn; p != nil && (p.Name == "" || p.Issuer == "" || p.ClientID == "" || p.SecretFile == "") {
		bad("single_sign_on", "name, issuer, client_id and secret_file are needed", "set all four")
	}
	if a := c.Files.CollectAfter; a != 0 && a < 24*time.Hour {
		bad("files.collect_after", "an upload over a bad line may take longer", "write 24h or more, or 0s for never")
	}
	if a := c.Referral.Service; a != nil {
		if a.URL == "" || a.TokenFile == "" {
			bad("referral.service", "url and token_file are needed", "set both")
		}
		if a.Pathway == "" {
			a.Pathway = "uk"
		}
	}
	if s := c.Files.S3; s != nil && (s.Endpoint == "" || s.Bucket == "") {
		bad("files.s3", "endpoint and bucket are needed", "set both")
	}
	if c.Keys.Dir == "" {
		c.Keys.Dir = filepath.Join(c.Data, "keys")
	}
	return faults.Err()
}

// databaseURL is from the file that the settings name, or from the environment;
// "" means SQLite.
func (c *serveConfig) databaseURL() (string, error) {
	if c.Database.URLFile == "" {
		return os.Getenv("WAYMARK_DATABASE_URL"), nil
	}
	return secretFile(c.Database.URLFile)
}

// provider is the one of single sign-on, nil for none.
func (c *serveConfig) provider() (*signin.Provider, error) {
	if c.SignOn == nil {
		return nil, nil
	}
	secret, err := secretFile(c.SignOn.SecretFile)
	return &signin.Provider{Name: c.SignOn.Name, Issuer: c.SignOn.Issuer, ClientID: c.SignOn.ClientID, ClientSecret: secret, Strong: c.SignOn.Strong}, err
}

// secretFile reads one line from a file that only its owner should read.
func secretFile(path string) (string, error) {
	info, err := os.Stat(path)
	if err == nil && info.Size() > 64<<10 {
		err = errors.New("it is larger than 64 kB")
	}
	if err != nil {
		return "", fault.Wrap(fault.NotFound, fault.Place{File: path}, "the secret cannot be read", "make the file, readable by the server's user", err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fault.Wrap(fault.Denied, fault.Place{File: path}, "the secret cannot be read", "let the server's user read it", err)
	}
	return strings.TrimSpace(string(text)), nil
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}
