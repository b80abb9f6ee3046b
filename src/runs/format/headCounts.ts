import { Field } from 'apache-arrow/fb/field';
import { Message } from 'apache-arrow/fb/message';
import { MessageHeader } from 'apache-arrow/fb/message-header';
import { RecordBatch } from 'apache-arrow/fb/record-batch';
import { Schema } from 'apache-arrow/fb/schema';
import { ByteBuffer } from 'flatbuffers';

/** The bytes that an element of a list takes in a head: a reference, or two int64. */
const referenceBytes = 4;
const pairBytes = 16;
/** Lists within lists within structs: deeper columns do not occur. */
const mostNested = 4;

/**
 * Whether the lists in the head of a message can have as many elements as they state: no list is longer than the head.
 *
 * @param metadata  the head without its prefix
 * @throws RangeError if the head refers to bytes outside of it
 */
export function areCountsPossible(metadata: Uint8Array): boolean {
  const fits = (count: number, bytes: number) => count * bytes <= metadata.length;
  const message = Message.getRootAsMessage(new ByteBuffer(metadata));
  if (!fits(message.customMetadataLength(), referenceBytes)) return false;
  if (message.headerType() === MessageHeader.RecordBatch) {
    const batch = message.header(new RecordBatch()) as RecordBatch | null;
    return batch !== null && fits(batch.nodesLength(), pairBytes) && fits(batch.buffersLength(), pairBytes);
  }
  const schema = message.header(new Schema()) as Schema | null;
  if (schema === null || !fits(schema.customMetadataLength(), referenceBytes)) return false;
  let left = metadata.length / referenceBytes;
  const isPossible = (field: Field | null, depth: number): boolean => {
    if (field === null || depth > mostNested || left-- <= 0) return false;
    if (!fits(field.childrenLength(), referenceBytes) || !fits(field.customMetadataLength(), referenceBytes))
      return false;
    for (let i = 0; i < field.childrenLength(); i++)
      if (!isPossible(field.children(i, new Field()), depth + 1)) return false;
    return true;
  };
  if (!fits(schema.fieldsLength(), referenceBytes)) return false;
  for (let i = 0; i < schema.fieldsLength(); i++)
    if (!isPossible(schema.fields(i, new Field()), 0)) return false;
  return true;
}
