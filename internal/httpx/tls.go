package httpx

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
)

// pinned is a certificate that is not the pinned one.
type pinned struct{ seen string }

func (p *pinned) Error() string { return "the server's certificate is not the pinned one" }

func tlsConfig(o Options) (*tls.Config, error) {
	conf := &tls.Config{MinVersion: tls.VersionTLS12}
	if o.CAFile != "" {
		pool, err := authorities(o.CAFile)
		if err != nil {
			return nil, err
		}
		conf.RootCAs = pool
	}
	if o.Fingerprint == "" {
		return conf, nil
	}
	want, err := ParseFingerprint(o.Fingerprint)
	if err != nil {
		return nil, err
	}
	// The library checks nothing then; VerifyConnection below does, also when a session is resumed.
	conf.InsecureSkipVerify = true
	conf.VerifyConnection = func(s tls.ConnectionState) error {
		if seen := FingerprintOf(s.PeerCertificates[0]); seen != want {
			return &pinned{seen}
		}
		return nil
	}
	return conf, nil
}

func authorities(file string) (*x509.CertPool, error) {
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool() // a system without any: those of the file alone
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("certificate authority: %w", err)
	}
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("certificate authority: %s holds no PEM certificate", file)
	}
	return pool, nil
}

// FingerprintOf is the SHA-256 of a certificate in lower-case hex.
func FingerprintOf(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return hex.EncodeToString(sum[:])
}

// ParseFingerprint makes 64 lower-case hex digits of a fingerprint as people write it.
func ParseFingerprint(s string) (string, error) {
	plain := strings.ToLower(strings.NewReplacer(":", "", " ", "", "-", "").Replace(strings.TrimSpace(s)))
	plain = strings.TrimPrefix(strings.TrimPrefix(plain, "sha256="), "sha256/")
	if raw, err := hex.DecodeString(plain); err != nil || len(raw) != sha256.Size {
		return "", errors.New("a fingerprint is the SHA-256 of a certificate: 64 hex digits")
	}
	return plain, nil
}

// certificateReason says in a clause why a certificate was not accepted, and which it was.
func certificateReason(err error) (reason, fingerprint string) {
	var p *pinned
	if errors.As(err, &p) {
		return "its certificate is not the pinned one", p.seen
	}
	var v *tls.CertificateVerificationError
	if errors.As(err, &v) && len(v.UnverifiedCertificates) > 0 {
		fingerprint = FingerprintOf(v.UnverifiedCertificates[0])
	}
	var name x509.HostnameError
	var unknown x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &name):
		return "its certificate is for another name", fingerprint
	case errors.As(err, &unknown):
		return "its certificate is not signed by an authority this computer trusts", fingerprint
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "its certificate has expired or is not valid yet (is the clock right?)", fingerprint
	case errors.As(err, &invalid):
		return "its certificate is not valid", fingerprint
	}
	var plain tls.RecordHeaderError
	if errors.As(err, &plain) {
		return "it does not speak TLS (is it http, not https?)", ""
	}
	return "the TLS handshake failed", fingerprint
}
