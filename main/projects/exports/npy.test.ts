import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeNpy } from './npy.js';

/** Reads a NumPy file of format 1.0 as its specification tells, by its own means. */
function readNpy(bytes: Uint8Array): { descr: string; fortran: boolean; shape: number[]; values: Float32Array; dataAt: number } {
  const file = Buffer.from(bytes);
  expect(file.subarray(0, 8)).toEqual(Buffer.from('\x93NUMPY\x01\x00', 'latin1'));
  const dataAt = 10 + file.readUInt16LE(8);
  const header = file.toString('latin1', 10, dataAt);
  const [, descr, fortran, shape] = /^\{'descr': '([^']+)', 'fortran_order': (True|False), 'shape': \(([\d, ]*)\), \} *\n$/.exec(header)!;
  return {
    descr: descr!,
    fortran: fortran === 'True',
    shape: shape!.split(',').filter((part) => part.trim() !== '').map(Number),
    values: Float32Array.from({ length: (file.length - dataAt) / 4 }, (_, i) => file.readFloatLE(dataAt + 4 * i)),
    dataAt,
  };
}

test('an array comes back with its shape and values, its data at a multiple of 64', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(12), { minLength: 0, maxLength: 4 }), fc.nat(), (shape, offset) => {
      const size = shape.reduce((product, length) => product * length, 1);
      const values = Float32Array.from({ length: size }, (_, i) => Math.fround(Math.sin(i + offset)));
      const read = readNpy(encodeNpy(values, shape));
      expect(read).toEqual({ descr: '<f4', fortran: false, shape, values, dataAt: read.dataAt });
      expect(read.dataAt % 64).toBe(0);
    }),
    { seed: 1 },
  );
});

test('a two by three array is the very file that numpy.save writes', () => {
  const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }".padEnd(117, ' ') + '\n';
  const expected = Buffer.concat([Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1'), Buffer.from(header), Buffer.from(Float32Array.of(1, 2, 3, 4, 5, 6).buffer)]);
  expect(Buffer.from(encodeNpy(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]))).toEqual(expected);
});

test('one dimension is a tuple with a comma, and a wrong shape is a mistake of the caller', () => {
  expect(Buffer.from(encodeNpy(new Float32Array(3), [3])).toString('latin1')).toContain("'shape': (3,), }");
  expect(() => encodeNpy(new Float32Array(3), [2, 2])).toThrow('3 values in the shape [2, 2]');
});
