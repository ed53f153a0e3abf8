/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/kith-endpoint.h"
#include "base/kith-env.h"

G_BEGIN_DECLS

/**
 * KithAdmission:
 *
 * Who may begin a handshake (protocol 3): counts half-open connections and recent attempts by
 * prefix, which is an IPv4 address or an IPv6 /64. Bounded memory; pure but for the env.
 */
typedef struct _KithAdmission KithAdmission;

/**
 * KithAdmissionVerdict:
 * @KITH_ADMISSION_YES: it may
 * @KITH_ADMISSION_NO: it may not
 * @KITH_ADMISSION_EVICT: it may, when a connection of the prefix that holds most is dropped first
 */
typedef enum
{
  KITH_ADMISSION_YES,
  KITH_ADMISSION_NO,
  KITH_ADMISSION_EVICT,
} KithAdmissionVerdict;

KithAdmission       *kith_admission_new     (const KithEnv      *env,
                                             guint               per_minute);
void                 kith_admission_free    (KithAdmission      *self);
KithAdmissionVerdict kith_admission_ask     (KithAdmission      *self,
                                             const KithEndpoint *remote,
                                             guint64            *evict);
void                 kith_admission_enter   (KithAdmission      *self,
                                             const KithEndpoint *remote);
void                 kith_admission_leave   (KithAdmission      *self,
                                             const KithEndpoint *remote);
guint                kith_admission_get_n   (KithAdmission      *self);
guint                kith_admission_get_n_prefixes (KithAdmission *self);
guint64              kith_admission_prefix  (const KithEndpoint *remote);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithAdmission, kith_admission_free)

G_END_DECLS
