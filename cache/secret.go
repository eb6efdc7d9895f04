package cache

import "segue/internal/secret"

// Secret is text that must never be seen; see package secret.
type Secret = secret.Secret

// NewSecret hides s.
func NewSecret(s string) Secret { return secret.New(s) }

// mask stands for every secret, whoever prints it.
const mask = secret.Mask
