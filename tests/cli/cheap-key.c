/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loaded into Kith before its libraries: keys of passphrases are made with the least that Argon2id takes, whatever the
 * vault says. For those who make many; what they leave can be opened in the same way only. */
#define _GNU_SOURCE 1

#include <dlfcn.h>

#include <sodium.h>

__attribute__ ((visibility ("default"))) int
crypto_pwhash (unsigned char *const out, unsigned long long out_len, const char *const text,
               unsigned long long text_len, const unsigned char *const salt, unsigned long long opslimit,
               size_t memlimit, int algorithm)
{
  int (*next) (unsigned char *, unsigned long long, const char *, unsigned long long, const unsigned char *,
               unsigned long long, size_t, int);

  *(void **) &next = dlsym (RTLD_NEXT, "crypto_pwhash");
  return next (out, out_len, text, text_len, salt, crypto_pwhash_OPSLIMIT_MIN, crypto_pwhash_MEMLIMIT_MIN, algorithm);
}
