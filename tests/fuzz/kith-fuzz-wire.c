/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include "kith-fuzz-wire.h"

#include <unistd.h>

#include <sys/socket.h>

#include "base/kith-limits.h"
#include "kith-fuzz.h"
#include "proto/kith-identity.h"
#include "proto/kith-record.h"

#define NOW_S 1767225600
#define TURNS 256 /* more than any input needs */
#define PIECE_BYTES 4096

static KithFakeEnv fake;
static KithLocal *locals[2]; /* (owned): as long as the program runs */

static gboolean
match_knock (const guint8 *tag, const guint8 *ephemeral, gpointer user_data)
{
  return tag[0] % 2 == 0;
}

static KithSecret *
dup_pair_root (const guint8 *identity, const guint8 *root_id, gpointer user_data)
{
  static const guint8 root[KITH_KEY_BYTES] = { 3 };

  return root_id != NULL && root_id[0] % 2 == 0 ? NULL : kith_secret_new_from (root, sizeof root);
}

static gboolean
check_certificate (const KithCertificate *certificate, gpointer user_data)
{
  return TRUE;
}

static const KithLocalDelegate delegate = {
  .match_knock = match_knock,
  .dup_pair_root = dup_pair_root,
  .check_certificate = check_certificate,
};

static KithLocal *
local_new (guint8 seed)
{
  guint8 identity_seed[32] = { seed }, device_key[32] = { seed, 1 }, bytes[KITH_CERTIFICATE_BYTES];
  KithCertificate certificate = { .seq = 1, .not_before = NOW_S, .not_after = NOW_S + 86400 };
  g_autoptr (KithSecret) secret = kith_secret_new_from (device_key, sizeof device_key);

  certificate.device[0] = seed;
  kith_identity_get_public (identity_seed, certificate.identity);
  kith_device_key_get_public (device_key, certificate.device_key);
  kith_certificate_encode (&certificate, identity_seed, bytes);
  return kith_local_new (&fake.env, secret, bytes, &delegate, NULL);
}

/* That something is refused is what nearly each input ends with. */
static void
ignore_debug_cb (const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
}

/* (transfer none) */
KithLocal *
kith_fuzz_local (KithFuzzSide side)
{
  if (locals[side] == NULL)
    {
      if (fake.realtime_us == 0)
        kith_fuzz_reset ();
      g_log_set_handler ("kith-net", G_LOG_LEVEL_DEBUG, ignore_debug_cb, NULL);
      locals[side] = local_new ((guint8) side + 1);
    }

  return locals[side];
}

/* Before each input. */
void
kith_fuzz_reset (void)
{
  kith_fake_env_init (&fake, 7, NOW_S);
}

void
kith_fuzz_pass_ms (guint ms)
{
  kith_fake_env_advance (&fake, (gint64) ms * 1000);
}

/* (transfer full) */
GSocket *
kith_fuzz_socket (int *fd)
{
  int fds[2];
  g_autoptr (GError) error = NULL;
  GSocket *socket;

  kith_fuzz_check (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) == 0);
  socket = g_socket_new_from_fd (fds[0], &error);
  kith_fuzz_check (socket != NULL);
  *fd = fds[1];
  return socket;
}

/* What does not fit, or has nobody to read it, is lost. */
void
kith_fuzz_write (int fd, const guint8 *data, gsize len)
{
  G_GNUC_UNUSED gssize written = send (fd, data, len, MSG_NOSIGNAL);
}

gsize
kith_fuzz_read (int fd, guint8 *buffer, gsize len)
{
  gssize n = recv (fd, buffer, len, MSG_DONTWAIT);

  return (gsize) MAX (n, 0);
}

/* Until nothing happens any more by itself. */
void
kith_fuzz_turn (void)
{
  for (guint i = 0; i < TURNS && g_main_context_iteration (NULL, FALSE); i++)
    ;
}

/* --- What the other end says without a handshake --------------------------------------------- */

/* A channel becomes as it is when both have shown who they are: what a handshake ends with is tested elsewhere,
 * and would take a hundred times as long. @peer: (out): what the owner of @certificate encrypts with */
void
kith_fuzz_skip_handshake (KithChannel *channel, const KithCertificate *certificate, KithNoiseCipher *peer)
{
  static const guint8 ours[KITH_KEY_BYTES] = { 1 }, theirs[KITH_KEY_BYTES] = { 2 };

  channel->certificate = *certificate;
  kith_noise_cipher_init_key (&channel->sending, ours);
  kith_noise_cipher_init_key (&channel->receiving, theirs);
  kith_noise_cipher_init_key (peer, theirs);
  memset (channel->exporter, KITH_FUZZ_EXPORTER, sizeof channel->exporter);
  memset (channel->hash, KITH_FUZZ_HASH, sizeof channel->hash);
  channel->state = KITH_CHANNEL_READY;
  kith_connection_set_reading (channel->connection, TRUE);
}

/* Half of the frame comes first, when @halves. */
void
kith_fuzz_say_frame (int fd, KithNoiseCipher *cipher, const guint8 *records, gsize len, gboolean halves)
{
  gsize plain_len = kith_frame_bucket_for (MIN (len, KITH_LIMIT_FRAME_PLAINTEXT_BYTES));
  gsize cipher_len = plain_len + KITH_NOISE_TAG_BYTES;
  g_autofree guint8 *frame = g_malloc0 (2 + cipher_len);

  memcpy (frame + 2, records, MIN (len, plain_len));
  frame[0] = (guint8) (cipher_len >> 8);
  frame[1] = (guint8) cipher_len;
  kith_noise_cipher_encrypt (cipher, NULL, 0, frame + 2, plain_len, frame + 2);
  if (halves)
    {
      kith_fuzz_write (fd, frame, cipher_len / 2);
      kith_fuzz_turn ();
      kith_fuzz_write (fd, frame + cipher_len / 2, 2 + cipher_len - cipher_len / 2);
    }
  else
    kith_fuzz_write (fd, frame, 2 + cipher_len);
}

/* In as many frames as it takes. */
void
kith_fuzz_say_record (int fd, KithNoiseCipher *cipher, guint8 type, const guint8 *body, gsize len)
{
  guint8 frame[PIECE_BYTES];
  gsize offset = 0;

  do
    {
      gsize n = kith_record_write (frame, sizeof frame, type, 0, body, len, &offset);

      if (n == 0)
        return;
      kith_fuzz_say_frame (fd, cipher, frame, n, FALSE);
    }
  while (offset < len);
}
