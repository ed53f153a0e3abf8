/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What has the same size wherever it goes, in bytes. */
#define KITH_IDENTITY_BYTES 32
#define KITH_GROUP_ID_BYTES 32 /* gid, op_id, entry_id */
#define KITH_MESSAGE_ID_BYTES 16
#define KITH_WAVEFORM_BYTES 64 /* of a voice message: loudness, 0 to 255 each */
