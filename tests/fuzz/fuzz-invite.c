/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people paste and scan: links of invites, ID strings, codes. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include <string.h>

#include "kith-fuzz.h"
#include "proto/kith-identity.h"
#include "proto/kith-invite.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup (size > 0 ? (const char *) data : "", size);
  g_auto (KithInvite) invite = { 0 };
  g_auto (KithInvite) again = { 0 };
  guint8 identity[KITH_IDENTITY_KEY_BYTES];

  if (kith_invite_parse (&invite, text))
    {
      g_autofree char *link = kith_invite_encode (&invite);

      kith_fuzz_check (kith_invite_parse (&again, link));
      kith_fuzz_check (memcmp (invite.secret, again.secret, sizeof invite.secret) == 0);
      kith_fuzz_check (invite.n_endpoints == again.n_endpoints && invite.expiry_s == again.expiry_s);
    }

  if (kith_id_string_parse (text, identity))
    {
      g_autofree char *id = kith_id_string_encode (identity);

      kith_fuzz_check (kith_id_string_parse (id, identity));
    }
  kith_identity_code_parse (text, identity);
  return 0;
}
