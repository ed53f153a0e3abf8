/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What sessions are compared with, in the same process and the same run: libsodium alone, TCP alone
 * through GSocket, and TLS 1.3 of OpenSSL, where both sides show a certificate. */

typedef struct
{
  GSocket *ends[2]; /* (owned): the one that dialled, the one that was dialled */
} KithBenchPair;

void    kith_bench_pair_connect  (KithBenchPair *self);
void    kith_bench_pair_clear    (KithBenchPair *self);

double  kith_bench_raw_bulk      (gsize          n_bytes);
double  kith_bench_raw_echo      (guint          n,
                                  gsize          len);
double  kith_bench_sodium_bulk   (gsize          n_bytes,
                                  gsize          piece,
                                  gboolean       both_ways);
double  kith_bench_sodium_keys   (guint          n);

void    kith_bench_tls_init      (void);
void    kith_bench_tls_clear     (void);
double  kith_bench_tls_connect   (guint          n);
double  kith_bench_tls_bulk      (gsize          n_bytes);
double  kith_bench_tls_echo      (guint          n,
                                  gsize          len);

#ifdef KITH_BENCH_TOX
double  kith_bench_tox_messages  (guint          n,
                                  guint          n_outstanding,
                                  gsize          len,
                                  double        *connect_s);
double  kith_bench_tox_echo      (guint          n,
                                  gsize          len);
double  kith_bench_tox_file      (gsize          n_bytes,
                                  double        *seconds);
#endif

G_END_DECLS
