/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bodies of records. The first byte says of which. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include "kith-fuzz.h"
#include "proto/kith-body.h"

/* What was taken is written, and taken again. */
#define ROUND_TRIP(type, name, input, n)                                                         \
  G_STMT_START                                                                                     \
  {                                                                                                \
    type first, second;                                                                            \
    if (kith_body_##name##_unpack (&first, input, n))                                               \
      {                                                                                            \
        g_autoptr (GByteArray) packed = kith_body_##name##_pack (&first);                          \
        kith_fuzz_check (kith_body_##name##_unpack (&second, packed->data, packed->len));          \
      }                                                                                            \
  }                                                                                                \
  G_STMT_END

typedef GByteArray *(*PackOpen) (const KithBodyOpen *self);
typedef gboolean (*UnpackOpen) (KithBodyOpen *self, const guint8 *data, gsize len);

static void
try_open (PackOpen pack, UnpackOpen unpack, const guint8 *data, gsize len)
{
  g_auto (KithBodyOpen) first = { 0 };
  g_auto (KithBodyOpen) second = { 0 };
  g_autoptr (GByteArray) packed = NULL;

  if (!unpack (&first, data, len))
    return;

  packed = pack (&first);
  kith_fuzz_check (unpack (&second, packed->data, packed->len));
  kith_fuzz_check (g_strcmp0 (first.name, second.name) == 0);
  kith_fuzz_check (first.pending || first.endpoints.n == second.endpoints.n);
}

static void
try_msg (const guint8 *data, gsize len)
{
  g_auto (KithBodyMsg) first = { 0 };
  g_auto (KithBodyMsg) second = { 0 };
  g_autoptr (GByteArray) packed = NULL;

  if (!kith_body_msg_unpack (&first, data, len))
    return;

  packed = kith_body_msg_pack (&first);
  kith_fuzz_check (packed->len <= KITH_LIMIT_RECORD_CHAT_BYTES);
  kith_fuzz_check (kith_body_msg_unpack (&second, packed->data, packed->len));
  kith_fuzz_check (first.content == second.content && first.ttl_s == second.ttl_s);
  kith_fuzz_check (g_strcmp0 (first.text, second.text) == 0
                   || first.content == KITH_CONTENT_REACTION);
}

static void
try_profile (const guint8 *data, gsize len)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autoptr (GByteArray) packed = NULL;

  if (!kith_body_profile_unpack (&first, data, len))
    return;

  packed = kith_body_profile_pack (first);
  kith_fuzz_check (kith_body_profile_unpack (&second, packed->data, packed->len));
  kith_fuzz_check (g_strcmp0 (first, second) == 0);
}

static void
try_plain (guint which, const guint8 *data, gsize len)
{
  KithByeReason reason;
  KithEndpoints endpoints;
  gboolean flag;
  guint16 port;
  guint64 token;
  guint8 r[KITH_PAIR_BYTES];

  if (which == 4)
    kith_body_bye_unpack (&reason, data, len);
  else if (which == 5)
    kith_body_ping_unpack (&token, data, len);
  else if (which == 6)
    kith_body_pair_unpack (r, data, len);
  else if (which == 7)
    kith_body_typing_unpack (&flag, data, len);
  else if (which == 8)
    kith_body_presence_unpack (&flag, data, len);
  else if (kith_body_endpoints_unpack (&endpoints, &port, data, len))
    kith_fuzz_check (endpoints.n <= KITH_LIMIT_ENDPOINTS);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  guint which;

  if (size == 0)
    return 0;

  which = data[0] % 16;
  data++;
  size--;
  if (which == 0)
    try_open (kith_body_open_pack, kith_body_open_unpack, data, size);
  else if (which == 1)
    try_open (kith_body_open_ok_pack, kith_body_open_ok_unpack, data, size);
  else if (which == 2)
    try_open (kith_body_accept_pack, kith_body_accept_unpack, data, size);
  else if (which == 3)
    try_profile (data, size);
  else if (which == 10)
    ROUND_TRIP (KithBodyDialBack, dial_back, data, size);
  else if (which == 11)
    ROUND_TRIP (KithBodyDialBack, dial_back_result, data, size);
  else if (which == 12)
    try_msg (data, size);
  else if (which == 13)
    ROUND_TRIP (KithBodyResend, resend, data, size);
  else if (which == 14)
    ROUND_TRIP (KithBodyAck, ack, data, size);
  else if (which == 15)
    ROUND_TRIP (KithBodySas, sas, data, size);
  else
    try_plain (which, data, size);

  return 0;
}
