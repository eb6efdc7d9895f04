package config

import (
	"errors"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"
	"time"

	"segue/internal/secret"
)

func text(at func(*Config) *string) field {
	return field{func(c *Config, v any) error {
		s, ok := v.(string)
		if !ok {
			return fmt.Errorf("wants a text in quotes, not %v", v)
		}
		*at(c) = s
		return nil
	}, func(c *Config) any { return *at(c) }}
}

func oneOf(at func(*Config) *string, allowed ...string) field {
	return field{func(c *Config, v any) error {
		s, ok := v.(string)
		if !ok || !slices.Contains(allowed, s) {
			return fmt.Errorf("is %v, but can be %s", show(v), strings.Join(allowed, ", "))
		}
		*at(c) = s
		return nil
	}, func(c *Config) any { return *at(c) }}
}

// output checks the shape only; the file or the device is tried when music plays.
func output(at func(*Config) *string) field {
	return field{func(c *Config, v any) error {
		s, ok := v.(string)
		kind, file, hasFile := strings.Cut(s, ":")
		switch {
		case ok && slices.Contains([]string{"auto", "oto", "null", "-"}, s):
		case ok && hasFile && file != "" && (kind == "wav" || kind == "pipe"):
		default:
			return fmt.Errorf("is %v, but can be auto, oto, null, wav:FILE, pipe:FILE", show(v))
		}
		*at(c) = s
		return nil
	}, func(c *Config) any { return *at(c) }}
}

func boolean(at func(*Config) *bool) field {
	return field{func(c *Config, v any) error {
		b, ok := v.(bool)
		if !ok {
			return fmt.Errorf("is %v, but can be true or false", show(v))
		}
		*at(c) = b
		return nil
	}, func(c *Config) any { return *at(c) }}
}

func integer(at func(*Config) *int, low, high int64) field {
	return field{func(c *Config, v any) error {
		n, ok := v.(int64)
		if !ok || n < low || n > high {
			return fmt.Errorf("is %v, but goes from %d to %d", show(v), low, high)
		}
		*at(c) = int(n)
		return nil
	}, func(c *Config) any { return *at(c) }}
}

func number(at func(*Config) *float64, low, high float64) field {
	return field{func(c *Config, v any) error {
		var x float64
		switch v := v.(type) {
		case float64:
			x = v
		case int64:
			x = float64(v)
		default:
			x = math.NaN()
		}
		if math.IsNaN(x) || x < low || x > high {
			return fmt.Errorf("is %v, but goes from %g to %g", show(v), low, high)
		}
		*at(c) = x
		return nil
	}, func(c *Config) any { return *at(c) }}
}

func duration(at func(*Config) *time.Duration, high time.Duration) field {
	return field{func(c *Config, v any) error {
		s, ok := v.(string)
		d, err := time.ParseDuration(s)
		if !ok || err != nil || d < 0 || d > high {
			return fmt.Errorf(`is %v, but goes from "0s" to %q, as in "4s" or "1.5s"`, show(v), high)
		}
		*at(c) = d
		return nil
	}, func(c *Config) any { return at(c).String() }}
}

func list(at func(*Config) *[]string) field {
	return field{func(c *Config, v any) error {
		items, ok := v.([]any)
		if s, single := v.(string); single {
			items, ok = []any{s}, true
		}
		out := make([]string, 0, len(items))
		for _, it := range items {
			s, isText := it.(string)
			ok = ok && isText
			out = append(out, s)
		}
		if !ok {
			return fmt.Errorf(`is %v, but wants a list of texts, as in ["/music", "/mnt/more"]`, show(v))
		}
		*at(c) = out
		return nil
	}, func(c *Config) any { return *at(c) }}
}

// hidden is a text that is not shown: a secret, or an address that may hold one.
func hidden(at func(*Config) *secret.Secret) field {
	return field{func(c *Config, v any) error {
		s, ok := v.(string)
		if !ok {
			return errors.New("wants a text in quotes")
		}
		*at(c) = secret.New(s)
		return nil
	}, func(c *Config) any { return at(c).String() }}
}

func webAddress(at func(*Config) *string) field {
	return field{func(c *Config, v any) error {
		s, ok := v.(string)
		u, err := url.Parse(s)
		if !ok || err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
			return fmt.Errorf("is %v, but wants an address as https://example.org", show(v))
		}
		*at(c) = strings.TrimRight(s, "/")
		return nil
	}, func(c *Config) any { return *at(c) }}
}

func country(at func(*Config) *string) field {
	return field{func(c *Config, v any) error {
		s, ok := v.(string)
		s = strings.ToLower(s)
		if !ok || s != "" && (len(s) != 2 || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz") != "") {
			return fmt.Errorf("is %v, but wants two letters, as in \"de\"", show(v))
		}
		*at(c) = s
		return nil
	}, func(c *Config) any { return *at(c) }}
}

func show(v any) string {
	if s, ok := v.(string); ok {
		return fmt.Sprintf("%q", s)
	}
	return fmt.Sprint(v)
}
