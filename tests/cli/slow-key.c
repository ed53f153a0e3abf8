/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loaded into Kith before its libraries: no key is made of a passphrase as long as the file KITH_TEST_SLOW_KEY is
 * there, and with KITH_TEST_NO_KEY none at all: so much memory is never free. */
#define _GNU_SOURCE 1

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <sodium.h>

#define LOOK_US 5000

__attribute__ ((visibility ("default"))) int
crypto_pwhash (unsigned char *const out, unsigned long long out_len, const char *const text,
               unsigned long long text_len, const unsigned char *const salt, unsigned long long opslimit,
               size_t memlimit, int algorithm)
{
  int (*next) (unsigned char *, unsigned long long, const char *, unsigned long long, const unsigned char *,
               unsigned long long, size_t, int);
  const char *path = getenv ("KITH_TEST_SLOW_KEY");

  while (path != NULL && access (path, F_OK) == 0)
    usleep (LOOK_US);

  path = getenv ("KITH_TEST_NO_KEY");
  if (path != NULL && access (path, F_OK) == 0)
    {
      errno = ENOMEM;
      return -1;
    }

  *(void **) &next = dlsym (RTLD_NEXT, "crypto_pwhash");
  return next (out, out_len, text, text_len, salt, opslimit, memlimit, algorithm);
}
