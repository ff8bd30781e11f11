/* ndarray_properties.c - the attributes of numpy.ndarray: shape, dtype, T, real, flat and their like. */
#include "sim/tensor/derived.h"

static value property_shape(struct vm *vm, value self)
{
    return shape_value(vm, array_of(self)->shape, array_of(self)->dimensions);
}

static bool property_set_shape(struct vm *vm, value self, value item)
{
    int64_t shape[DIMENSIONS_MAX];
    uint32_t dimensions;
    struct ndarray *array = array_of(self);
    if (item == VALUE_NULL)
        return raise_error(vm, &exc_AttributeError, "Cannot delete array shape"), false;
    if (!shape_from(vm, item, shape, &dimensions))
        return false;
    value made = array_reshape(vm, array, shape, dimensions);
    if (made == VALUE_NULL)
        return false;
    if (array_of(made)->data != array->data && array->size) {
        raise_error(vm, &exc_AttributeError,
                    "Incompatible shape for in-place modification. Use `.reshape()` to make a copy with the "
                    "desired shape.");
        return false;
    }
    if (dimensions > array->dimensions) { /* the view's own place for them */
        array->shape = array_of(made)->shape;
        array->shape_owner = made;
    }
    array->strides = array->shape + dimensions;
    memmove(array->shape, array_of(made)->shape, dimensions * sizeof *shape);
    memmove(array->strides, array_of(made)->strides, dimensions * sizeof *shape);
    array->dimensions = (uint8_t)dimensions;
    return true;
}

static value property_strides(struct vm *vm, value self)
{
    return shape_value(vm, array_of(self)->strides, array_of(self)->dimensions);
}

static value property_ndim(struct vm *vm, value self)
{
    (void)vm;
    return small_int(array_of(self)->dimensions);
}

static value property_size(struct vm *vm, value self)
{
    (void)vm;
    return small_int(array_of(self)->size);
}

static value property_itemsize(struct vm *vm, value self)
{
    (void)vm;
    return small_int(array_of(self)->item_size);
}

static value property_nbytes(struct vm *vm, value self)
{
    (void)vm;
    return small_int(array_of(self)->size * array_of(self)->item_size);
}

static value property_dtype(struct vm *vm, value self)
{
    return dtype_value(vm, array_dtype(array_of(self)));
}

static bool property_set_dtype(struct vm *vm, value self, value item)
{
    int dtype = item == VALUE_NULL ? -1 : dtype_from(vm, item);
    if (dtype < 0)
        return false;
    if ((int64_t)dtype_bytes(dtype) != array_of(self)->item_size)
        return raise_unsupported(vm, "assigning a dtype of another size to an array"), false;
    array_of(self)->dtype = (uint8_t)dtype_kind(dtype);
    return true;
}

static value property_transpose(struct vm *vm, value self)
{
    value turned = array_transpose(vm, array_of(self));
    return is_derived(self) ? derived_method_end(vm, "T", NULL, self, NULL, 0, VALUE_NULL, turned) : turned;
}

static value property_base(struct vm *vm, value self)
{
    (void)vm;
    return array_of(self)->base == VALUE_NULL ? NONE : array_of(self)->base;
}

static value complex_part(struct vm *vm, value self, bool imaginary)
{
    struct ndarray *array = array_of(self), *view;
    if (!is_complex_dtype(array->dtype)) {
        if (!imaginary)
            return self;
        view = array_new(vm, array_dtype(array), array->dimensions, array->shape);
        if (view)
            view->readonly = true;
        return array_value(view);
    }
    view = array_view(vm, array);
    if (!view)
        return VALUE_NULL;
    view->item_size = array->item_size / 2;
    view->dtype = array->dtype == DTYPE_COMPLEX64 ? DTYPE_FLOAT32 : DTYPE_FLOAT64;
    view->data += imaginary ? view->item_size : 0;
    return object_value(view);
}

static value property_real(struct vm *vm, value self)
{
    value part = complex_part(vm, self, false);
    return is_derived(self) ? derived_method_end(vm, "real", NULL, self, NULL, 0, VALUE_NULL, part) : part;
}

static value property_imaginary(struct vm *vm, value self)
{
    value part = complex_part(vm, self, true);
    return is_derived(self) ? derived_method_end(vm, "imag", NULL, self, NULL, 0, VALUE_NULL, part) : part;
}

static value property_priority(struct vm *vm, value self)
{
    (void)self;
    return float_value(vm, 0);
}

static bool property_set_real(struct vm *vm, value self, value item)
{
    value part = item == VALUE_NULL ? item : complex_part(vm, self, false);
    return part != VALUE_NULL && array_assign(vm, array_of(part), item);
}

static bool property_set_imaginary(struct vm *vm, value self, value item)
{
    if (!is_complex_dtype(array_of(self)->dtype))
        return raise_error(vm, &exc_TypeError, "array does not have imaginary part to set"), false;
    value part = item == VALUE_NULL ? item : complex_part(vm, self, true);
    return part != VALUE_NULL && array_assign(vm, array_of(part), item);
}

static value property_flat(struct vm *vm, value self)
{
    return library_call(vm, "flatiter", &self, 1, VALUE_NULL);
}

static bool property_set_flat(struct vm *vm, value self, value item)
{
    value given[2] = {self, item};
    return item != VALUE_NULL && library_call(vm, "_fill_flat", given, 2, VALUE_NULL) != VALUE_NULL;
}

static value property_flags(struct vm *vm, value self)
{
    return library_call(vm, "_flagsobj", &self, 1, VALUE_NULL);
}

const struct property_definition array_properties[] = {
    {"shape", property_shape, property_set_shape},
    {"strides", property_strides, NULL},
    {"ndim", property_ndim, NULL},
    {"size", property_size, NULL},
    {"itemsize", property_itemsize, NULL},
    {"nbytes", property_nbytes, NULL},
    {"dtype", property_dtype, property_set_dtype},
    {"T", property_transpose, NULL},
    {"base", property_base, NULL},
    {"real", property_real, property_set_real},
    {"imag", property_imaginary, property_set_imaginary},
    {"flat", property_flat, property_set_flat},
    {"flags", property_flags, NULL},
    {"__array_priority__", property_priority, NULL},
    {NULL, NULL, NULL},
};
